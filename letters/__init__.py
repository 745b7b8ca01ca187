"""Letters on paper and on screens: one value of domain/letter.py in, the bytes of a PDF or of an HTML page out."""
