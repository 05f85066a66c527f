def double(x: int) -> int:
    """Twice ``x``.

    >>> double(2)
    4
    """
    ### BEGIN SOLUTION
    return x + x
    ### END SOLUTION
