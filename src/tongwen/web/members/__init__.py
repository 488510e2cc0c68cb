"""Membership: applying for it, the register of members, a library's own facts, sharing domains, portals' looks."""
