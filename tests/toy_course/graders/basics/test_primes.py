import numpy as np

from autograder.checks import check, expect


@check(points=1, public=True, hint="2, 3, 5, 7.")
def test_small(student):
    """The primes below 10."""

    @student.observe()
    def seen(module):
        return module.primes(10)

    expect(type(seen) is np.ndarray and seen.tolist() == [2, 3, 5, 7], f"primes(10) gave {seen}.")


@check(points=2, kind="performance", hint="Cross out multiples with a slice.")
def test_fast(student, reference, compare_speed):
    """At most 5x the reference's time."""

    def count(module, limit):
        return int(module.primes(limit).sum())

    speed = compare_speed(
        student,
        reference,
        count,
        lambda n: {"limit": 20_000 + n % 1000},
        at_most=5,
        same=lambda a, b: a == b,
    )
    expect(speed.ratio <= 5, f"{speed} the reference's time; the limit is 5x.")
