"""Policies (保单): who is covered by what on which day, and who may claim under it."""
