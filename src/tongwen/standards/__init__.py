"""Formats and protocols as pure functions: bytes or text in, frozen values out."""
