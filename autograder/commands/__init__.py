"""One module for each `autograde` command; `autograder.cli` puts them together."""
