"""Frozen values of the business: money, dates, states, claims, documents, findings, decisions, payouts, and the error tree.

Every other room speaks in these words. Nothing here reads a file, a clock, a database or a network.
"""
