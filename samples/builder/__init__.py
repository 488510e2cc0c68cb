"""Builds the sample files from the facts in `samples/records`."""
