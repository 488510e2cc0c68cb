"""Discovery (e读): what is indexed and how it is found."""
