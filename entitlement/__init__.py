"""Entitlements (权益): the services a policy brings besides money, and how much of them is left."""
