"""Reminders (提醒): when a policy's figures and state ask for the customer's attention, in whose words, and to whom."""
