"""OpenID Connect and OAuth 2 for services and programs, on django-oauth-toolkit."""
