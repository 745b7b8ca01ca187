"""What sends a claim out of a batch (docs/adr/0020)."""


class UnusualError(Exception):
    """A claim of the batch is to be worked on alone; nothing failed, and nobody outside this room sees it."""
