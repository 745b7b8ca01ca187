"""The dozen claims, one file each: `stage(round_number)` casts it with people of that round and says what must come of it.

The comment above each expected amount computes it by hand from the clauses.
"""
