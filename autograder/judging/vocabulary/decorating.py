"""Decorated functions: what they keep of themselves, and whether they still become methods.

``lost_metadata`` and ``method_calls`` run in the sandbox, the words with ``expect_`` in the judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from autograder.judging.checks import expect, fail, show
from autograder.judging.comparing import same
from autograder.judging.observations import in_sandbox
from autograder.judging.vocabulary.evidence import read

__all__ = ["WRAPS", "expect_metadata", "expect_method_calls", "lost_metadata", "method_calls"]

WRAPS = ("name", "docstring", "signature", "__wrapped__")
"""What ``functools.wraps`` keeps."""

KEPT = (*WRAPS, "coroutine function")
"""The same, and that a decorated coroutine function is a coroutine function still."""


@in_sandbox()
def lost_metadata(decorate, name="load", coroutine=False):
    """What a function of that name loses when it is decorated: a list of "name", "docstring",
    "signature", "__wrapped__", and "coroutine function" for one that was.

    Example::

        return lost_metadata(module.retry(max_attempts=2), name, coroutine=True)
    """
    import asyncio
    import inspect

    def plain(path, *, steps=3):
        """Load it."""

    async def coroutine_function(path, *, steps=3):
        """Load it."""

    function = coroutine_function if coroutine else plain
    function.__name__ = name
    decorated = decorate(function)

    def signature(of):
        try:
            return inspect.signature(of)
        except (TypeError, ValueError):
            return None

    kept = {
        "name": getattr(decorated, "__name__", None) == name,
        "docstring": getattr(decorated, "__doc__", None) == "Load it.",
        "signature": signature(decorated) == signature(function),
        "__wrapped__": getattr(decorated, "__wrapped__", None) is function,
        "coroutine function": not coroutine
        or inspect.iscoroutinefunction(decorated)
        or asyncio.iscoroutinefunction(decorated),
    }
    return [what for what in kept if not kept[what]]


@in_sandbox()
def metadata_of(module, decorate, name, coroutine):
    """The observation of :func:`expect_metadata`; ``decorate`` is the name of a helper."""
    decorators = globals()[decorate](module)
    kinds = (False, True) if coroutine else (False,)
    return [lost_metadata(one, name, kind) for one in decorators for kind in kinds]


def expect_metadata(
    student: Any,
    decorators: Callable[..., Any],
    rng: Any,
    *,
    kept: Iterable[str] = KEPT,
    coroutine: bool = False,
) -> None:
    """Expect that decorated functions keep what is named in ``kept``.

    ``decorators(module)`` is closed like an observation and returns a list of decorators. With
    ``coroutine`` a coroutine function is decorated, too. It has to stay one unless another check
    looks at that: then ``kept`` is ``WRAPS``.

    Example::

        def decorators(module):
            return [module.timed, module.timed(report=max)]

        expect_metadata(student, decorators, rng, coroutine=True)
        # A decorated function lost these: ['docstring']. Tracebacks and help() show your wrapper …
    """
    name = f"{rng.choice(['load', 'fetch', 'train', 'resize'])}_{rng.randint(100, 999)}"
    arguments = {"decorate": decorators.__name__, "name": name, "coroutine": coroutine}
    seen = student.run(metadata_of, helpers=(decorators,), **arguments)
    read(seen, list[list[str]], "What became of the decorated functions")
    expect(len(seen) > 0, "The decorated functions could not be read.")
    for lost in ([what for what in each if what in kept] for each in seen):
        if lost == ["coroutine function"]:
            fail(
                "inspect.iscoroutinefunction says no of a decorated coroutine function: a plain "
                "function or an object that returns a coroutine. Another decorator, for example, "
                "would not await it."
            )
        expect(
            lost == [],
            f"A decorated function lost these: {show(lost)}. Tracebacks and help() show your "
            "wrapper instead.",
        )


@in_sandbox()
def method_calls(decorate, a, b):
    """Results of a decorated method, of one called by keyword, of a static and of a class method.

    ``a`` and ``b`` are numbers. A call that ends in a TypeError or AttributeError gives its name.
    The class is called ``Model``, its methods ``forward``, ``static`` and ``create``.

    Example::

        log = []
        return [method_calls(module.log_calls(logger_to(log)), a, b), len(log)]
    """

    class Model:
        def __init__(self, factor):
            self.factor = factor

        @decorate
        def forward(self, x, *, bias=0):
            return self.factor * x + bias

        @staticmethod
        @decorate
        def static(x):
            return -x

        @classmethod
        @decorate
        def create(cls, x):
            return [cls is Model, x]

    problems = []
    for call in (
        lambda: Model(a).forward(b, bias=1),
        lambda: Model(b).forward(x=a),
        lambda: Model.static(a),
        lambda: Model.create(b),
    ):
        try:
            problems.append(call())
        except (TypeError, AttributeError) as error:
            problems.append(type(error).__name__)
    return problems


def expect_method_calls(seen: Any, a: int, b: int) -> None:
    """Expect that ``method_calls`` gave what undecorated methods give.

    Example::

        @student.observe(a=a, b=b)
        def seen(module, a, b):
            return method_calls(module.retry(2), a, b)

        expect_method_calls(seen, a, b)
    """
    read(seen, [object] * 4, "What the decorated methods gave")
    kinds = ("method", "method that is called by keyword", "static method", "class method")
    wanted = (a * b + 1, a * b, -a, [True, b])
    for got, value, kind in zip(seen, wanted, kinds, strict=True):
        if type(got) is str and got in ("TypeError", "AttributeError"):
            fail(
                f"Calling a decorated {kind} ended in {'an' if got[0] == 'A' else 'a'} {got}: "
                "`self` or another argument got lost. Only a function (or an object with __get__) "
                "becomes a method."
            )
        expect(
            same(got, value),
            f"A decorated {kind} did not get `self` (or the class) and its arguments unchanged, or "
            "its result got lost.",
        )
