"""What is measured, against which peer, and how: see README.md here."""
