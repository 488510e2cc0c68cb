"""Staff pages for deciding whether two records describe the same."""
