"""Benchmark releases: making them and reading them."""
