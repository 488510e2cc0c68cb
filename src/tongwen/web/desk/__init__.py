"""The workbench: everything that somebody may do in the place she acts for."""
