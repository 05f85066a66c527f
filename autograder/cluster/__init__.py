"""Judges on other machines: `autograde grade --scheduler` and `autograde worker`, with Dask."""
