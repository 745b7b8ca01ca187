"""The reader of documents: bytes go in, a Document with class, fields, confidences, boxes and findings comes out.

Pure: imports only domain. Judges quality first, parses electronic documents, reads images with RapidOCR or
Tesseract, and proves numbers by check digits and sums. The path of a document is told by `reading.py`.
"""
