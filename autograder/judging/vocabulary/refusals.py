"""Arguments that must be refused: with the right exception, and at the right moment.

``refusal`` and ``error_of`` run in the sandbox; ``Refusal``, ``expect_refusal`` and
``expect_refusals`` in the judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from autograder.judging.checks import fail
from autograder.judging.observations import in_sandbox
from autograder.judging.outcomes import error_name
from autograder.judging.vocabulary.evidence import read

__all__ = ["Refusal", "error_of", "expect_refusal", "expect_refusals", "kinds_of", "refusal"]


@in_sandbox()
def kinds_of(error, wanted=()):
    """Names of the exception's classes, nearest first; a builtin one of ``wanted`` before them.

    Example::

        try:
            module.load(path)
        except Exception as error:
            return ["raised", kinds_of(error)]      # ["JSONDecodeError", "ValueError", …]
    """
    import builtins

    names = [name for name in wanted if isinstance(error, getattr(builtins, name, ()))]
    return names + [kind.__name__ for kind in type(error).__mro__ if kind.__name__ not in names]


@in_sandbox()
def error_of(call, *wanted):
    """What ``call()`` raises: the first of the ``wanted`` exceptions that it is one of, the name
    of its type otherwise, and "" if it raises nothing.

    A stub's NotImplementedError passes, so that the answer counts as not written.

    Example::

        ends = [error_of(lambda: module.CountUp(limit), "TypeError") for limit in wrong]
    """
    try:
        call()
    except Exception as error:
        if isinstance(error, NotImplementedError) and "NotImplementedError" not in wanted:
            raise
        return kinds_of(error, wanted)[0]
    return ""


@in_sandbox()
def refusal(call, *wanted, seconds=0.5):
    """When ``call()`` raises one of the ``wanted`` exceptions: ``[moment, name]``.

    The moment is "call", "next" (the first ``next`` of what it returned), "await", "hangs" (an
    awaitable took longer than ``seconds``) or "never". The name is that of :func:`error_of`. What
    the call returns is asked for its first value only if it is an iterator or another iterable
    that is no plain container: return None from ``call`` where nothing should be asked.

    Example::

        seen = [refusal(lambda: module.chunked(items, size), "ValueError") for size in sizes]
        # a generator function that checks too late: [["next", "ValueError"], …]
    """
    import asyncio
    import inspect

    result, moment = None, "call"

    async def awaited():
        task = asyncio.ensure_future(result)
        await asyncio.wait({task}, timeout=seconds)
        if not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=0.2)
            return ["hangs", ""]
        return task.result()

    try:
        result = call()
        if inspect.isawaitable(result):
            moment = "await"
            ended = asyncio.run(awaited())
            return ["hangs", ""] if ended == ["hangs", ""] else ["never", ""]
        plain = isinstance(result, (list, tuple, dict, set, frozenset, str, bytes))
        named = type(result).__module__.partition(".")[0] in ("numpy", "torch")
        if hasattr(type(result), "__iter__") and not plain and not named:
            moment = "next"
            next(iter(result), None)
    except Exception as error:
        if isinstance(error, NotImplementedError) and "NotImplementedError" not in wanted:
            raise
        name = kinds_of(error, wanted)[0]
        return [moment, name] if moment == "call" or name in wanted else ["never", name]
    return ["never", ""]


@in_sandbox()
def refusals(module, call, cases, wanted):
    """The observation of :func:`expect_refusals`: ``[moment, name, how much was noted]`` of each.

    ``call`` is the name of a helper.
    """
    function, found = globals()[call], []
    noting = function.__code__.co_varnames[1:2] == ("log",) and function.__code__.co_argcount > 1
    for case in cases:
        log = []
        given = (module, log) if noting else (module,)
        end = refusal(lambda given=given, case=case: function(*given, **case), wanted)
        found.append([*end, len(log)])
    return found


@dataclass(frozen=True)
class Refusal:
    """What a wrong argument must raise, when, and what is said where it does not.

    ``at`` holds the moments that are right: of "call", "next", "await". In the texts ``{what}``
    stands for the words of the case ("a negative limit"), ``{What}`` for the same with a capital,
    ``{error}`` for the exception, ``{an_error}`` for it with its article, ``{raised}`` for what was
    raised instead, ``{noted}`` for the number of entries in the log.
    """

    error: str = "ValueError"
    at: tuple[str, ...] = ("call",)
    accepted: str = "{What} was accepted; it is {an_error}."
    other: str = "{What} raised {raised}, not {an_error}."
    late: str = (
        "The {error} for {what} came with the first next(), far from the mistake: in a function "
        "with a `yield`, nothing runs at the call."
    )
    early: str = "For {what} the call itself raised {an_error}; that belongs to the first next()."
    hangs: str = "With {what} the call never finished."
    noted: str = "{What} was refused only after something had been done with it."


def expect_refusals(
    student: Any,
    call: Callable[..., Any],
    cases: Mapping[str, Mapping[str, Any]] | Iterable[tuple[str, Mapping[str, Any]]],
    rule: Refusal,
    helpers: Iterable[Callable[..., Any]] = (),
) -> None:
    """Expect that ``call`` refuses each of the cases: words for it, and the arguments.

    ``call(module, …)`` is closed like an observation. If its second parameter is called ``log``,
    it gets an empty list, in which it notes what happens before the refusal: nothing may.

    Example::

        def call(module, log, limit):
            return module.fetch_all(log.append, ["a", "b"], limit=limit)

        cases = {"limit=0": {"limit": 0}, "a negative limit": {"limit": -rng.randint(1, 99)}}
        early = "With {what}, URLs were fetched before the ValueError."
        expect_refusals(student, call, cases, Refusal("ValueError", noted=early))
    """
    pairs = list(cases.items() if isinstance(cases, Mapping) else cases)
    given = {"cases": [dict(case) for _, case in pairs], "wanted": rule.error}
    seen = student.run(refusals, helpers=(*helpers, call), call=call.__name__, **given)
    read(seen, [[str, str, int]] * len(pairs), "What the calls raised")
    for (moment, name, noted), (what, _) in zip(seen, pairs, strict=True):
        expect_refusal([moment, name], what, rule)
        if noted:
            _fail(rule.noted, rule, what, noted=str(noted))


def expect_refusal(end: Any, what: str, rule: Refusal) -> None:
    """Expect that the evidence of the sandbox's ``refusal`` is the right refusal.

    Evidence of ``error_of``, the name alone, counts as raised by the call. ``what`` names the
    arguments: "a negative limit".

    Example::

        for end, what in zip(read(seen, [list] * 2), ("size=0", "size=-3"), strict=True):
            expect_refusal(end, what, Refusal("ValueError"))
    """
    if type(end) is str:
        end = ["call" if end else "never", end]
    moment, name = read(end, [str, str], "What the calls raised")
    if moment == "hangs":
        _fail(rule.hangs, rule, what)
    if moment == "never":
        _fail(rule.accepted, rule, what)
    if name != rule.error:
        _fail(rule.other, rule, what, raised=error_name(name))
    if moment not in rule.at:
        _fail(rule.early if moment == "call" else rule.late, rule, what)


def _fail(text: str, rule: Refusal, what: str, **more: str) -> None:
    error = rule.error
    an_error = f"{'an' if error[0] in 'AEIOU' else 'a'} {error}"
    capital = what[:1].upper() + what[1:] if " " in what.partition("=")[0] else what
    fail(text.format(what=what, What=capital, error=error, an_error=an_error, **more))
