"""Staff pages for loading files of records."""
