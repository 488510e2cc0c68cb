"""Pure decisions of discovery: what a record is indexed as, how a question is understood, what is counted."""
