"""Two processes on one network: the student's, and one of the grader's beside it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.judging.outcomes import Outcome
from autograder.judging.scope import CheckScope
from autograder.judging.sides import WorkerSide
from autograder.model import Verdict
from autograder.sandbox.inside.limits import Limits
from autograder.sandbox.zygote import Zygote

pytestmark = pytest.mark.usefixtures("walls")

CALLER = """
import socket
def listen():
    global server
    server = socket.create_server(("127.0.0.1", 0))
    return server.getsockname()[1]
def hear():
    with server.accept()[0] as peer:
        peer.settimeout(5)
        return peer.recv(100)
"""


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    made = Zygote("plain", slot=60)
    yield made
    made.close()


@pytest.fixture
def scope(zygote: Zygote) -> Iterator[CheckScope]:
    scope = CheckScope(lambda profile, role: zygote, 7)
    yield scope
    scope.close()


def student(scope: CheckScope, source: str = "") -> WorkerSide:
    return WorkerSide(scope, "student", "x", "plain", source.encode(), Limits(wall=8, cpu=4))


def listen(module):  # type: ignore[no-untyped-def]
    return module.listen()


def hear(module):  # type: ignore[no-untyped-def]
    return module.hear()


def test_the_student_is_held_to_the_limits_meanwhile(scope: CheckScope) -> None:
    mine = student(scope)

    def spam_and_spin(module, port):  # type: ignore[no-untyped-def]
        import socket

        print("x" * 1_000_000)  # far beyond a pipe: drained, or it would never go on
        with socket.create_connection(("127.0.0.1", port), 3) as peer:
            peer.sendall(b"loud")
        kept = []
        while True:
            kept.append(bytes(range(256)) * 40_000)

    companion = mine.beside(CALLER)
    pending = mine.begin(spam_and_spin, port=companion.run(listen))
    assert companion.run(hear) == b"loud"
    with pytest.raises(Outcome) as caught:
        pending.end()
    assert caught.value.verdict is Verdict.OUT_OF_MEMORY


def test_a_student_that_has_gone_is_the_students_doing(scope: CheckScope) -> None:
    def leave(module):  # type: ignore[no-untyped-def]
        import os

        os._exit(0)

    mine = student(scope)
    with pytest.raises(Outcome):
        mine.run(leave)
    with pytest.raises(Outcome) as caught:
        mine.beside(CALLER).run(listen)
    assert caught.value.verdict is Verdict.CRASHED


def test_a_companion_that_is_drowned_is_the_students_doing(scope: CheckScope) -> None:
    mine = student(scope)
    companion = mine.beside(CALLER).within(memory=64 << 20)

    def flood(module, port):  # type: ignore[no-untyped-def]
        import socket

        with socket.create_connection(("127.0.0.1", port), 3) as peer:
            while True:
                peer.sendall(b"x" * 65536)

    def swallow(module):  # type: ignore[no-untyped-def]
        kept = []
        with module.server.accept()[0] as peer:
            while True:
                kept.append(peer.recv(1 << 20))

    mine.begin(flood, port=companion.run(listen))
    with pytest.raises(Outcome) as caught:
        companion.run(swallow)
    assert caught.value.verdict is Verdict.FAILED
    assert "did not finish: " in caught.value.public_message
    assert "memory" in caught.value.public_message
