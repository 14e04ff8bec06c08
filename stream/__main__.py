"""`python -m stream` is the `wirestream` command."""

from stream.cli import main

main()
