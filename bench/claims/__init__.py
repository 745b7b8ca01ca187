"""The path of a claim as a benchmark: people and papers, our engine, the bare rows, and the peers that write the same rows."""
