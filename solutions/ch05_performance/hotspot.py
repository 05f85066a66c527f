"""hotspot: which function of a program spends the time itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

### BEGIN SOLUTION
import cProfile
from types import CodeType

### END SOLUTION


def hotspot(function: Callable[..., Any], *args: Any) -> str:
    """Name the Python function that spends most time of its own while ``function(*args)`` runs.

    >>> class Blur:
    ...     def apply(self, rows):
    ...         total = 0
    ...         for n in range(rows):
    ...             total += n * n % 7
    ...         return total
    >>> def augment(rows):
    ...     return Blur().apply(rows)
    >>> hotspot(augment, 100_000)
    'Blur.apply'

    *Own* time is what passes in a function itself: not in Python functions that it calls, and not
    in built-ins (``sum``, ``sorted``, ``time.sleep``, methods of a list and so on), whether they
    return or raise. A built-in is never the answer. All calls of a function count together.
    Lambdas count, and so do functions of a library that was imported from a file.

    The name is the qualified one, as the compiler gives it to the function's code
    (``co_qualname``): ``Blur.apply`` for a method, ``outer.<locals>.inner`` for a function
    inside another. Functions of one name in different places are different functions.

    ``function(*args)`` is called exactly once; what it returns is not used. Nothing is printed.
    Every call of ``hotspot`` begins from nothing.

    No profiler is on afterwards, not even when ``function`` raises; its exception reaches the
    caller, the very object.

    Programs are clear: one Python function takes at least three times as long as any other. Left
    open are comprehensions, calls of types such as ``list(x)``, other threads, and functions that
    have the same text at the same line of two files.
    """
    ### BEGIN SOLUTION
    profile = cProfile.Profile()
    profile.runcall(function, *args)  # switches the profiler off in a `finally`
    # A built-in has a text where a Python function has its code object.
    entries = [entry for entry in profile.getstats() if isinstance(entry.code, CodeType)]
    # inlinetime is time without callees, what pstats calls tottime; by totaltime the outermost
    # function is always first.
    return max(entries, key=lambda entry: entry.inlinetime).code.co_qualname
    ### END SOLUTION


### BEGIN SOLUTION
# Notes. pstats.Stats(profile).stats has the same figures under (file, line, name). Its names are
# short, `apply` and not `Blur.apply`, and the tables that it prints are for people: columns grow
# together, names are cut, and there is no more in them than in the numbers.
#
# By hand it takes sys.setprofile and a stack: at each call and return, of built-ins too (which may
# end with c_exception), the time since the last event belongs to the function on top. That is what
# cProfile does, in C. In Python the hook costs more than many of the calls that it watches.
#
# Common mistakes: cumulative time, whose maximum is always the outermost function; the most calls,
# or the most time for one call, neither of which is the most time; builtins=False, by which a
# function that waits in time.sleep looks busy; no `finally`, after which the profiler stays on and
# slows down whatever comes next.
### END SOLUTION
