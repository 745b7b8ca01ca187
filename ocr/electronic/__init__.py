"""Electronic documents: PDF, OFD and e-invoice XML are parsed, page by page; only what they hold as pictures is read as pictures."""
