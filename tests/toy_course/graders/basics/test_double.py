from autograder.checks import check, expect, same, show


@check(points=1, public=True, hint="Add it to itself.")
def test_two(student):
    """double(2) is 4."""

    @student.observe()
    def seen(module):
        return module.double(2)

    expect(type(seen) is int and seen == 4, f"double(2) returned {show(seen)}.")


@check(points=3, hint="Any number, not the one of the example.")
def test_any(student, rng):
    """Any whole number is doubled."""
    numbers = [rng.randint(-(10**6), 10**6) for _ in range(20)]

    @student.observe(numbers=numbers)
    def seen(module, numbers):
        return [module.double(n) for n in numbers]

    expect(same(seen, [n + n for n in numbers]), "Some numbers were not doubled.")
