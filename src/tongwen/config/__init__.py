"""Settings, URLs and process entry points: the top floor, which knows everything below."""
