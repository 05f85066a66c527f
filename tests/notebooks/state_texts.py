"""Texts of an exercise that notebooks of the tests answer."""

STUB = """def total(items):
    raise NotImplementedError("total: write your solution here")


class Total:
    def __init__(self, items):
        raise NotImplementedError("total: write your solution here")
"""
FINE = "def total(items):\n    return sum(items)"
