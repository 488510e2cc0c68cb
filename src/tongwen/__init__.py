"""Tongwen (同文): the open platform on which libraries build, know and share together."""

from tongwen import compiled

__version__ = "0.1.0"

compiled.use()
