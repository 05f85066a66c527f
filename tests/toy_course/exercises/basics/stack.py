class Stack:
    """Last in, first out; popping an empty stack is an ``IndexError``."""

    def __init__(self) -> None:
        raise NotImplementedError("stack: write your solution here")

    def push(self, item: object) -> None:
        raise NotImplementedError("stack: write your solution here")

    def pop(self) -> object:
        raise NotImplementedError("stack: write your solution here")
