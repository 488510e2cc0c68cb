"""A SAML 2.0 identity provider for services of publishers and federations (CARSI), on pysaml2: the extra `saml`."""
