"""Pure decisions of the union catalogue: which records are compared, what is the same, and why."""
