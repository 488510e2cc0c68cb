"""A CAS 3 server for services that speak that protocol; its messages are `standards.cas`."""
