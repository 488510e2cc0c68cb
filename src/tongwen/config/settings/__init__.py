"""One module per kind of installation; `base` holds what they share."""
