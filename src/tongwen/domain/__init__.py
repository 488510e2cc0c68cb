"""What the consortium does: one Django app per term of the field."""
