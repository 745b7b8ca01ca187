"""Agents (代理人): who looks after a customer's policy, and how to reach them."""
