"""Training on one's own labels: stored feature rows and what the claims turned out to be go in, a model's folder comes out.

Nothing is computed from today: a row is as it was when the claim was scored, a label counts from the day it was known.
"""
