class Stack:
    """Last in, first out; popping an empty stack is an ``IndexError``."""

    def __init__(self) -> None:
        ### BEGIN SOLUTION
        self._items: list[object] = []
        ### END SOLUTION

    def push(self, item: object) -> None:
        ### BEGIN SOLUTION
        self._items.append(item)
        ### END SOLUTION

    def pop(self) -> object:
        ### BEGIN SOLUTION
        return self._items.pop()
        ### END SOLUTION
