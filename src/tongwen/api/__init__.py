"""JSON for programs: one module per term of the field, one description of it all (OpenAPI)."""
