"""Observations are closed: what they reach for outside themselves is found."""

from __future__ import annotations

import marshal
import types
from pathlib import Path

import pytest

from autograder.judging.observations import NotClosed, open_observations, pack

EXPECTED = 42


def closed(module, n):  # type: ignore[no-untyped-def]
    """A docstring that must not travel."""
    import math

    class Local:
        size = n

    def inner(k):  # type: ignore[no-untyped-def]
        return k + n + Local.size

    return [math.floor(inner(x)) for x in range(n)]


def reaches_global(module):  # type: ignore[no-untyped-def]
    return module.value == EXPECTED


def reaches_in_lambda(module):  # type: ignore[no-untyped-def]
    return list(map(lambda x: x + EXPECTED, module.values))  # noqa: C417


def test_closed_ones_travel_without_names_of_the_grader() -> None:
    name, code, defaults, _ = pack(closed)
    assert name == "closed" and defaults is None
    assert b"docstring" not in code and b"test_observations" not in code
    function = types.FunctionType(marshal.loads(code), {})
    assert function(None, 2) == [4, 5]


@pytest.mark.parametrize("function", [reaches_global, reaches_in_lambda])
def test_globals_are_refused(function: types.FunctionType) -> None:
    with pytest.raises(NotClosed, match="EXPECTED"):
        pack(function)


def test_closures_are_refused() -> None:
    secret = 7

    def seen(module):  # type: ignore[no-untyped-def]
        return module.value == secret

    with pytest.raises(NotClosed, match="secret"):
        pack(seen)


def test_builtins_methods_and_partials_are_refused() -> None:
    with pytest.raises(NotClosed, match="plain function"):
        pack(print)


def test_helpers_are_known_names() -> None:
    def helper(x):  # type: ignore[no-untyped-def]
        return x

    def seen(module):  # type: ignore[no-untyped-def]
        return helper(1)

    with pytest.raises(NotClosed):
        pack(seen)
    namespace = {"__builtins__": __builtins__}
    exec("def user(module):\n    return helper(1)\n", namespace)
    assert pack(namespace["user"], [helper])[0] == "user"  # type: ignore[arg-type]
    with pytest.raises(NotClosed):  # what was packed before is kept for these helpers only
        pack(namespace["user"])  # type: ignore[arg-type]


def test_found_when_a_grader_is_collected(tmp_path: Path) -> None:
    path = tmp_path / "test_x.py"
    path.write_text(
        "LIMIT = 3\n"
        "def test_a(student):\n"
        "    want = 5\n"
        "    @student.observe()\n"
        "    def fine(module):\n"
        "        return [module.f(x) for x in range(3)]\n"
        "    @student.observe(n=1)\n"
        "    def leaks(module, n):\n"
        "        return module.f(LIMIT) == want\n"
    )
    (problem,) = open_observations(path)
    assert "leaks" in problem and "LIMIT, want" in problem and f"{path}:" in problem


def test_a_helper_within_a_check_is_the_graders_mistake() -> None:
    """Its closure does not travel; in the sandbox this would look like the student's error."""

    def helper() -> int:
        return 1

    def observation(module: object) -> int:
        return helper()

    with pytest.raises(NotClosed, match=r"uses helper from outside.*top level"):
        pack(observation, (helper,))
