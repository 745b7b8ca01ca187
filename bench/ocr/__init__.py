"""What the benchmarks of reading share: pages to read, a memory of what engines said, counts and tables."""
