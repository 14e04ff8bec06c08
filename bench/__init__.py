"""Benchmarks and quality gates: `python -m bench.gates` runs every gate."""
