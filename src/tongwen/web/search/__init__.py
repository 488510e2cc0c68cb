"""Home and results: the search of readers."""
