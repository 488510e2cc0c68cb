"""Django's PostgreSQL backend (settings: ENGINE), with tenancy kept by the database as well.

`connections` brings a connection's role and settings in step with `core.tenancy` before a statement runs; `compiler`
lets queries marked `unscoped` reach all institutions; `row_security` declares the policies of a table in a migration;
`portal_role` makes the role under which requests are answered, and says what is wrong with it.
"""
