"""海棠省: papers drawn to be held out, when the other two had been looked at too often, and opened since.

Who drew it had seen the labels that extractors know, and chose its words from what such papers say elsewhere. Who widened the forms of
labels has read them: it is measured beside the provinces that are held out, and shows less than they do.
"""
