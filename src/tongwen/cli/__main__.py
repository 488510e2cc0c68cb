"""`python -m tongwen.cli`."""

from tongwen.cli import main

main()
