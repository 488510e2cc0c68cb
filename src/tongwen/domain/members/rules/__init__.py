"""What membership decides without a database: what is a good address range, colour, picture, date, next step."""
