"""Does a call tell a wrong answer from the right one? Both run it in workers, as checks do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograder.errors import KataError
from autograder.judging.comparing import same
from autograder.judging.outcomes import Outcome
from autograder.judging.rooms import profile_for
from autograder.judging.run_log import RunLog
from autograder.judging.scope import CheckScope
from autograder.judging.settings import JudgeSettings
from autograder.judging.sides import WorkerSide
from autograder.judging.student_rooms import StudentRooms
from autograder.kata.bugs import promised_errors
from autograder.model import ENDED_PROCESS, Walls
from autograder.outline import Course, Exercise
from autograder.sandbox.inside.wire import Opaque
from autograder.text.wording import WORDING

ROUNDING = 1e-9
"""By how much floats may differ, as a share: two right answers may add in another order."""


class CallError(KataError):
    """A call that is not Python; the message says where."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a call came to on one side: a value, an exception, or the end of its worker."""

    kind: str
    """``value``, ``raised`` or ``ended``."""
    value: Any = None
    error: str = ""
    words: str = ""
    kinds: tuple[str, ...] = ()
    """Names of the exception's class and of those that it is derived from."""

    @property
    def said(self) -> str:
        """In words, for the student, whose own call it was."""
        if self.kind == "value":
            return f"returns {short(self.value)}"
        return f"raises {self.error}: {self.words}" if self.kind == "raised" else self.words


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a call. ``proves`` says whether it tells the two apart; ``why`` not, if not."""

    right: Seen
    wrong: Seen
    proves: bool
    why: str = ""


def short(value: Any) -> str:
    """A value on one line."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 300 else f"{text[:300]} … ({len(text)} characters)"


def _outcome(module: Any, text: str) -> Any:
    """Runs in the worker: the value of the last expression, or the exception."""
    import ast
    import importlib

    usual = {"np": "numpy", "F": "torch.nn.functional"}
    names = {name: value for name, value in vars(module).items() if not name.startswith("__")}
    tree = ast.parse(text)
    known = "asyncio collections contextlib copy functools gc gzip itertools json math operator"
    known = f"{known} os pathlib pickle random string sys tempfile threading time types torch numpy"
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in names:
            name = usual.get(node.id, node.id)
            if name in (*known.split(), *usual.values()):
                names[node.id] = importlib.import_module(name)
    last: ast.expr | None = None
    if tree.body and isinstance(tree.body[-1], ast.Expr):
        last = tree.body[-1].value
        del tree.body[-1]
    try:
        exec(compile(tree, "your call", "exec"), names)
        if last is None:
            return ["nothing"]
        return ["value", eval(compile(ast.Expression(last), "your call", "eval"), names)]
    except BaseException as error:
        kinds = [kind.__name__ for kind in type(error).__mro__]
        return ["raised", kinds[0], str(error)[:200], kinds]


class Calls:
    """Runs calls on answers to one exercise; close it when done."""

    def __init__(self, course: Course, exercise: Exercise, stub: str) -> None:
        self.exercise, self._stub = exercise, stub
        self._reference = course.solution(exercise).read_bytes()
        self._files = course.files(exercise)
        self._rooms = StudentRooms(course, JudgeSettings(course.root, walls=Walls.NONE), RunLog())

    def close(self) -> None:
        """End every worker."""
        self._rooms.close()

    def attempt(self, call: str, bug: bytes) -> Tried:
        """Run a call on the reference, twice, and on a wrong answer.

        Raises :class:`CallError` for what is no Python, or has no value.
        """
        check(call)
        right = self.seen(self._reference, call)
        if right.kind == "value" and (why := unequal_to_itself(right.value)):
            return Tried(right, right, False, why)
        wrong = self.seen(bug, call)
        if alike(right, wrong):
            return Tried(right, wrong, False, "Both do the same.")
        if right.kind == "ended":
            return Tried(right, wrong, False, f"The right answer {right.words}, too.")
        if right.kind == "raised" and not promised_errors(self._stub) & {*right.kinds}:
            why = f"The contract does not speak of {right.error}: the call is outside it."
            return Tried(right, wrong, False, why)
        again = self.seen(self._reference, call)
        if not alike(again, right):
            why = "The right answer gives something else each time it is called so."
            return Tried(right, wrong, False, why)
        return Tried(right, wrong, True)

    def seen(self, source: bytes, call: str) -> Seen:
        """What a call on an answer comes to, in a worker of its own."""
        scope = CheckScope(self._rooms.source, seed=0)
        profile = profile_for(self.exercise, source)
        side = WorkerSide(
            scope,
            "student",
            self.exercise.id,
            profile,
            source,
            limits=self.exercise.limits,
            around=self._files,
        )
        try:
            found = side.run(_outcome, text=call)
        except Outcome as outcome:
            ended = outcome.verdict in ENDED_PROCESS
            words = f"has no value ({WORDING[outcome.verdict].short})"
            return Seen("ended", words=words if ended else outcome.public_message)
        finally:
            scope.close()
        if type(found) is not list or not found or found[0] == "nothing":
            raise CallError("the script has no value: its last line must be an expression.")
        if found[0] == "raised":
            return Seen("raised", None, str(found[1]), str(found[2]), tuple(map(str, found[3])))
        return Seen("value", found[1])


def check(call: str) -> None:
    """:class:`CallError` where a call is not Python."""
    import ast

    try:
        ast.parse(call)
    except (SyntaxError, ValueError) as error:
        line = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        words = error.msg if isinstance(error, SyntaxError) else str(error)
        raise CallError(f"the call is not Python{line}: {words}.") from None


def unequal_to_itself(value: Any) -> str:
    """Why a value cannot be compared; empty where it can."""
    if same(value, value, rtol=ROUNDING):
        return ""
    what = f"a {value.type}" if isinstance(value, Opaque) and hasattr(value, "type") else "objects"
    return (
        f"It returns {what}, which cannot be compared. Make it return numbers, strings, lists, "
        "tuples, dicts or arrays: list(…), for example."
    )


def alike(one: Seen, other: Seen) -> bool:
    """Whether two sides did the same. A class derived from an exception is one, too, and messages
    do not count."""
    if one.kind != other.kind:
        return False
    if one.kind == "value":
        return same(one.value, other.value, rtol=ROUNDING)
    if one.kind == "raised":
        return one.error in other.kinds or other.error in one.kinds
    return one.words == other.words
