"""One module for each `autograde` command; `app` puts them together."""
