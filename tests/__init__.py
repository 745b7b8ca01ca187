"""The specification: what every room promises, as tests."""
