"""Writes programs from the checked tree: one for a single claim, one for columns of claims; text of a rule file never enters them."""
