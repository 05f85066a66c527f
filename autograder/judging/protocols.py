"""The seams of the judge: what it asks for, and what a grader gets.

``tests/sandbox/test_conformance.py`` is run on every :class:`Side`. The seams of the sandbox are
:class:`autograder.sandbox.protocols.WorkerSource` and
:class:`autograder.sandbox.processes.Processes`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:
    import pytest

    from autograder.judging.peak import Peak
    from autograder.judging.scope import CheckScope
    from autograder.judging.signs import Signs
    from autograder.model import Job, Walls
    from autograder.outline import Course, Exercise

Evidence: TypeAlias = Any
"""What an observation returned: plain data, of whatever type the submission chose."""

Observation: TypeAlias = Callable[..., Evidence]
"""A closed function of a grader that is run on a module: ``observation(module, **arguments)``."""


class Process(Protocol):
    """The process that holds a side's module, to be watched from outside."""

    @property
    def pid(self) -> int:
        """Its process id, as the judge sees it."""

    def close(self) -> None:
        """End it."""


class Running(Protocol):
    """An observation that was begun."""

    def end(self) -> Evidence:
        """Wait for its evidence; raises as :meth:`Side.run` does."""


class Side(Protocol):
    """One module that a check looks at: the submission, the reference or a baseline.

    You provide a module and a place to run it in. You get called by graders and by what measures
    speed and memory. The module is loaded when it is first needed, once for all observations of
    this side; the methods that return a side return another one, which loads it again. Whatever the
    module does that is no evidence is raised as an :class:`~autograder.judging.outcomes.Outcome`.
    """

    @property
    def role(self) -> str:
        """``student``, ``reference``, ``baseline`` or ``companion``."""

    @property
    def scope(self) -> CheckScope:
        """What is shared with the other sides of the check."""

    @property
    def source(self) -> bytes:
        """The module's text."""

    # -- observing -------------------------------------------------------------------------

    def observe(
        self, *, helpers: Iterable[Observation] = (), **arguments: Any
    ) -> Callable[[Observation], Evidence]:
        """Decorator: run the function below on the module now; its name becomes the evidence.

        ``arguments`` travel as data. Raises an ``Outcome`` where the code raised, hung, crashed or
        ran out of memory.
        """

    def run(
        self, function: Observation, *, helpers: Iterable[Observation] = (), **arguments: Any
    ) -> Evidence:
        """The same for a function written elsewhere; returns the evidence."""

    def begin(
        self, function: Observation, *, helpers: Iterable[Observation] = (), **arguments: Any
    ) -> Running:
        """Start an observation and come back at once, to run others on sides beside it."""

    def batch(
        self,
        function: Observation,
        inputs: list[dict[str, Any]],
        *,
        helpers: Iterable[Observation] = (),
    ) -> list[Evidence]:
        """The observation for each set of arguments, back to back in one request."""

    def collected(
        self,
        function: Observation,
        arguments: Mapping[str, Any],
        helpers: Iterable[Observation] = (),
    ) -> Evidence:
        """As :meth:`run`, in a process that has just collected its garbage."""

    def worker(self) -> Process:
        """The process with the module loaded; raises as :meth:`run` does where that fails."""

    @property
    def printed(self) -> str:
        """What the code has printed so far in this worker (cut at the limit)."""

    def peak_memory(
        self, function: Observation, *, helpers: Iterable[Observation] = (), **arguments: Any
    ) -> Peak:
        """See :func:`autograder.judging.memory.peak_memory`.

        Of trusted code the peak of an equal call is the answer, if this judge has measured one:
        give a reference or a baseline arguments that are the same for each submission.
        """

    # -- making others ---------------------------------------------------------------------

    def fresh(self) -> Side:
        """The same module in a new worker."""

    def within(self, **limits: float) -> Side:
        """The same module in a new worker under changed limits (fields of ``Limits``)."""

    def with_files(self, **sources: str) -> Side:
        """The same module in a new worker, with helper modules that lie beside it.

        Functions that a process pool must pickle go there:
        ``with_files(kata_tasks="def f(x): …")``. Students can read them, so they hold nothing
        secret. A name that begins with ``kata_`` is never that of a student's own file; of others
        :meth:`free` says which are not.
        """

    def with_source(self, source: bytes) -> Side:
        """Another module in a new worker, in every other way like this one."""

    def free(self, names: Iterable[str]) -> list[str]:
        """Those of ``names`` that no module of the student's beside theirs has, for
        :meth:`with_files`; all of them where none is left."""

    def on_cores(self, cores: Iterable[int]) -> Side:
        """The same module in a new worker that may run on these cores only."""

    def beside(self, source: str) -> Side:
        """A module of the grader's own, in another process on the same loopback network.

        For what must not be done by the student's process itself, such as load on a server: no
        code of theirs is in it, and neither can see the other's memory, files or processes.
        """


class Room(Protocol):
    """One check of one submission; its fixtures come from here.

    You provide its sides. You get asked for each at most once, while the room is open.
    """

    @property
    def scope(self) -> CheckScope:
        """What its sides share."""

    @property
    def rng(self) -> random.Random:
        """Source of generated inputs: the same for the same run seed, exercise and check."""

    def student(self) -> Side:
        """The submission."""

    def reference(self) -> Side:
        """The reference solution."""

    def baseline(self, source: str) -> Side:
        """A module of the grader's own."""


class Rooms(Protocol):
    """Opens a room for each check of the job at hand.

    You provide a course and a way to run modules. You get :meth:`begin` for each job, then for
    each run of each of its checks :meth:`with_job` and one :meth:`room`, all from one thread, and
    :meth:`close` at the end. A check may be run several times, the last one perhaps on the
    reference solution, to tell whose fault an error is.
    """

    @property
    def course(self) -> Course:
        """The course whose exercises are graded."""

    @property
    def walls(self) -> Walls:
        """What submissions run behind."""

    @property
    def signs(self) -> Signs:
        """Signs that a person should look at the answer, gathered since :meth:`begin`."""

    @property
    def scope(self) -> CheckScope | None:
        """What the sides of the check that ran last shared; None before the first one."""

    def begin(self, job: Job) -> None:
        """A job begins, of one check or many: signs are collected from here."""

    def with_job(self, job: Job) -> None:
        """Make ``job`` the one whose rooms are opened from now on."""

    def room(self, item: pytest.Item) -> AbstractContextManager[Room]:
        """The room of one check of this job, its workers ended afterwards.

        Raises :class:`~autograder.judging.outcomes.Deferred` for what this machine lacks.
        """

    def reference_source(self, exercise: Exercise) -> bytes:
        """Text of the reference solution; raises ``Deferred`` or ``OSError`` where it is not."""

    def close(self) -> None:
        """End whatever the rooms have started."""
