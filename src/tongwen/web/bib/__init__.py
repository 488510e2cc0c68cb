"""The page of one record, its MARC view and its exports."""
