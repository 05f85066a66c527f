"""Words in a real sandbox: they come along, and a submission's tampering shows all the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from autograder.judging.outcomes import Outcome
from autograder.judging.scope import CheckScope
from autograder.judging.sides import WorkerSide
from autograder.judging.vocabulary import (
    WAITING_ROOM,
    Refusal,
    asked,
    at_once,
    beside_server,
    counted,
    drained,
    error_of,
    expect_refusals,
    fake_clock,
    in_another_locale,
    paced,
    polled,
    put,
    replaced,
    threads,
)
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.zygote import Zygote

pytestmark = pytest.mark.usefixtures("walls")


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    zygote = Zygote("plain", slot=61)
    yield zygote
    zygote.close()


@pytest.fixture
def scope(zygote: Zygote) -> Iterator[CheckScope]:
    scope = CheckScope(lambda profile, role: zygote, 7)
    yield scope
    scope.close()


def student(scope: CheckScope, source: str) -> WorkerSide:
    return WorkerSide(scope, "student", "x", "plain", source.encode(), Limits(wall=8, cpu=4))


def test_words_travel(scope: CheckScope) -> None:
    side = student(scope, "def f(items):\n    yield from items\n")

    @side.observe()
    def seen(module: Any) -> Any:
        source, log = counted(range(5))
        clock, move = fake_clock()
        move(0.5)
        path = put("a.txt", b"a")
        return [
            paced(module.f(source), log, 2),
            drained(module.f("ab"), 5),
            error_of(lambda: module.f(), "TypeError"),
            [how for how, _ in at_once([clock] * 3)],
            polled(lambda: threads() - 1, seconds=0.5),
            in_another_locale(module, path, "list(module.f(open(path).read()))"),
            clock(),
        ]

    assert seen == [
        [0, [1, 2], [0, 1]],
        [["a", "b"], "end"],
        "TypeError",
        ["returned"] * 3,
        0,
        ["value", ["a"]],
        1024.5,
    ]


def test_refusals_travel_with_their_call(scope: CheckScope) -> None:
    def call(module, log, size):  # type: ignore[no-untyped-def]
        return module.f(map(log.append, "abc"), size)

    text = "def f(items, size):\n    if size < 1:\n        raise ValueError(size)\n"
    side = student(scope, text)
    expect_refusals(side, call, {"size=0": {"size": 0}}, Refusal("ValueError"))


def test_a_server_beside_it(scope: CheckScope) -> None:
    def ask(module, port, lines):  # type: ignore[no-untyped-def]
        return [how[1] for how in at_once([lambda n=n: asked(port, n) for n in lines])]

    serve = {"count": 2, "wanted": 2, "secret": "s"}
    seen, account = beside_server(student(scope, ""), WAITING_ROOM, ask, serve, lines=["1", "2"])
    assert seen == ["s1", "s2"] and account[0] == 2 and sorted(account[1]) == ["1", "2"]


def test_one_server_beside_several_observations(scope: CheckScope) -> None:
    def ask(module, port, line):  # type: ignore[no-untyped-def]
        return asked(port, line)

    side = student(scope, "")
    server, serve = side.beside(WAITING_ROOM), {"count": 1, "wanted": 1, "secret": "s"}
    for line in ("1", "2"):
        seen, account = beside_server(side, server, ask, serve, line=line)
        assert seen == f"s{line}" and account == [1, [line]]
    assert len(scope.workers) == 2


TAMPERS = """
import time

def f():
    time.sleep = lambda seconds: None

def g():
    time.sleep(3)
    return 3
"""


def test_what_a_submission_replaces_shows_beside_words(scope: CheckScope) -> None:
    def tampered(module: Any) -> Any:
        source, log = counted(range(5))
        return [paced(source, log, 2), module.f()]

    with pytest.raises(Outcome, match=r"time\.sleep"):
        student(scope, TAMPERS).run(tampered)


def test_what_a_word_replaces_is_not_the_submissions_doing(scope: CheckScope) -> None:
    def naps(module: Any) -> Any:
        found: list[float] = []
        with replaced(module, {"time.sleep": found.append}):
            module.g()
        return found

    assert student(scope, TAMPERS).run(naps) == [3]
