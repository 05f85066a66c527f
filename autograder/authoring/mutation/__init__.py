"""Mutation testing: small mistakes put into a reference solution, to see who notices.

`mutants` makes them, `reasons` reads why some may live, `running` grades them.
"""
