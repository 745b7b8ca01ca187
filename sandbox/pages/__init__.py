"""The documents of a claim as they are printed: one file for each class, each a frozen value that can draw itself.

The attributes of a page carry the field names of `domain.document`, so a page is its own ground truth.
"""
