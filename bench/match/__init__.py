"""How good matching is: a labelled bilingual set built from real records, and what the rules make of it."""
