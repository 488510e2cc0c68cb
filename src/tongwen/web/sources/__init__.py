"""The administrator's pages for the ways in which a library's people log in."""
