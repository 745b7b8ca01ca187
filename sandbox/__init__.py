"""The outside world, played: a synthetic portfolio, documents rendered as photographs, a bank that misbehaves. For the demo and the tests.

Everybody in it is invented; ID numbers use a region that no authority assigns, and every image carries the watermark 样张."""
