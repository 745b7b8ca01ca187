"""Electronic documents that nobody issued: the sandbox's pages as PDF, OFD and e-invoice XML, the same for the same seed."""
