"""秋山省, held out: papers worded and arranged as those of provinces that nobody tuned on, drawn without a look at what extractors know.

Whoever works on extractors leaves this folder closed; it says how a paper fares that the system never saw.
"""
