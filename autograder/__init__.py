"""Kata: a graded course, and the autograder that makes its marks trustworthy."""

__version__ = "0.2.0.dev0"
