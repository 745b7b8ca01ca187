"""An honest examination of one's own labelled claims: a CSV file goes in, figures with their intervals come out.

Everything that looks at labels is fitted inside the fold; what would flatter (oversampling, a random split alone,
a column that was written after the fraud was found) is left out or named.
"""
