"""Benchmarks: each a ratio to a limit line measured in the same run."""
