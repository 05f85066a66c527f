from autograder.checks import check, expect


@check(points=2, public=True, hint="The last one first.")
def test_order(student, rng):
    """Items come back in the opposite order."""
    items = rng.sample(range(1000), 9)

    @student.observe(items=items)
    def seen(module, items):
        stack = module.Stack()
        for item in items:
            stack.push(item)
        return [stack.pop() for _ in items]

    expect(seen == items[::-1], "The items came back in another order.")


@check(points=1, hint="Let the list complain.")
def test_empty(student):
    """Popping an empty stack is an IndexError."""

    @student.observe()
    def seen(module):
        try:
            module.Stack().pop()
        except IndexError:
            return "IndexError"
        return "nothing"

    expect(seen == "IndexError", "An empty stack gave something back.")


@check(points=1, needs=("gpu",), kind="gpu", hint="Not here.")
def test_gpu(student):
    """Needs a GPU, to be deferred elsewhere."""

    @student.observe()
    def seen(module):
        return 1

    expect(seen == 1, "No.")
