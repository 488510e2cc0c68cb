"""Second factors, passwords, sessions and locks: one's own, and those of one's staff."""
