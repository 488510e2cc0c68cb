"""People of a library: staff with their roles, invitations, readers."""
