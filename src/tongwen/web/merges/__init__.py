"""Merging two records and taking merges back, for staff."""
