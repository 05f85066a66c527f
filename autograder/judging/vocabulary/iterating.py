"""Sources that count, and how far a submission looks ahead.

``counted``, ``take``, ``drained`` and ``paced`` run in the sandbox, ``read_paced`` and
``expect_drained`` in the judge.
"""

from __future__ import annotations

from typing import Any

from autograder.judging.checks import expect, fail
from autograder.judging.observations import in_sandbox
from autograder.judging.outcomes import error_name
from autograder.judging.vocabulary.evidence import expect_in_order, read

__all__ = ["counted", "drained", "expect_drained", "paced", "read_paced", "take"]


@in_sandbox()
def counted(items, most=None):
    """A generator of the items, and a list that gets longer by one with each that is taken.

    After ``most`` of them it raises an exception that ``except Exception`` does not catch, so that
    code that reads an endless source to its end comes back.

    Example::

        source, log = counted(range(100))
        results = module.map_bounded(pool, abs, source, buffersize=3)
        before = len(log)                       # how many the call itself has taken
    """
    log = []

    class TakenWithoutEnd(BaseException):
        pass

    def source():
        for item in items:
            if most is not None and len(log) >= most:
                raise TakenWithoutEnd
            log.append(1)
            yield item

    return source(), log


@in_sandbox()
def take(values, most):
    """At most ``most`` of the values, as a list: an endless iterator ends here.

    Example::

        return take(module.CountUp(10**12), 3)      # [1, 2, 3]
    """
    from itertools import islice

    return list(islice(values, most))


@in_sandbox()
def drained(values, most, own=None):
    """The values of an iterable, and how it ended: ``[values, end]``.

    ``end`` is "end", "more" (there are more than ``most``), "own" (it raised the very object
    ``own``) or the name of the exception's type.

    Example::

        return drained(module.map_bounded(pool, f, items, 4), 3 * count)
        # [[0, 10, 20], "end"]
    """
    found = []
    try:
        for value in values:
            if len(found) >= most:
                return [found, "more"]
            found.append(value)
    except NotImplementedError:
        raise
    except Exception as error:
        return [found, "own" if error is own else type(error).__name__]
    return [found, "end"]


@in_sandbox()
def paced(iterator, log, most, pause=0.0, every=1):
    """Take ``most`` values one by one: ``[before, after each, values]``.

    ``before`` is the length of ``log`` (of :func:`counted`) now, ``after each`` its length when
    each value was in hand. ``pause`` are seconds to wait with a value in hand, each time that
    ``every`` more have come: time for a thread of theirs to run ahead. A source that ends early
    gives shorter lists.

    Example::

        source, log = counted(range(100))
        return paced(module.running_mean(source), log, 20)
        # a lazy one: [0, [1, 2, 3, …], [...]]
    """
    import time

    before, after, values = len(log), [], []
    for value in iterator:
        values.append(value)
        if pause and len(values) % every == 0:
            time.sleep(pause)
        after.append(len(log))
        if len(values) >= most:
            break
    return [before, after, values]


def read_paced(
    seen: Any, most: int, what: str = "The iterator"
) -> tuple[int, list[int], list[Any]]:
    """``before, ahead, values`` of what ``paced`` saw of so many values.

    ``ahead`` holds, for each value, how many more had been taken from the source than handed over
    when it was in hand. Fails if there were fewer values; ``what`` begins that message.

    Example::

        before, ahead, values = read_paced(seen, 20)
        expect(max(ahead) <= 3, f"{max(ahead)} items were taken ahead; with buffersize=3 it is 3.")
    """
    before, after, values = read(seen, [int, list[int], list])
    short = f"{what} ended after {len(values)} of {most} values."
    expect(len(after) == len(values) == most, short)
    return before, [count - number for number, count in enumerate(after, 1)], values


def expect_drained(seen: Any, wanted: list[Any], what: str, things: str = "results") -> None:
    """Expect that ``drained`` gave all the wanted values in order, and then the end.

    ``what`` begins the messages, without a comma.

    Example::

        expect_drained(seen, [3 * n for n in range(count)], "With a process pool")
    """
    values, end = read(seen, [list, str])
    if end not in ("end", "more"):
        fail(f"{what}, it raised {error_name(end)}.")
    expect_in_order(values, wanted, what, things)
    expect(end == "end", f"{what}, the iterator did not end after the last result.")
