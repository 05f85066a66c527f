"""Benchmarks of the autograder: ``python -m bench`` (see README.md in this folder)."""
