"""Many jobs, handed out a few at a time: where faults, open measurements and second tries go.

Anything that turns a job into a future will do: threads with a judge each (:mod:`.fleet`), or a
cluster (:mod:`autograder.cluster.cluster`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from queue import SimpleQueue

from autograder.model import Job, Result, Verdict, overall

Submit = Callable[[Job], "Future[Result]"]
"""Hand out a job. Its future fails only where the worker that had it did."""


@dataclass(frozen=True, slots=True)
class Task:
    """A job under a key of its caller's; ``before`` is its result as far as it is known."""

    key: str
    job: Job
    before: Result | None = None


@dataclass(frozen=True, slots=True)
class Graded:
    """A task and its result. ``again`` marks a second one, which takes the first one's place."""

    task: Task
    result: Result
    again: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """Where jobs are handed out: at most ``ahead()`` at once, which may change under way."""

    submit: Submit
    ahead: Callable[[], int]


def nothing() -> None:
    """There is nothing to do meanwhile."""


def graded(
    tasks: Iterable[Task],
    desk: Desk,
    worth: Callable[[str], float],
    calm: Desk,
    meanwhile: Callable[[], None] = nothing,
) -> Iterator[Graded]:
    """Each task's result, as they come; ``meanwhile`` is called once the first jobs are out.

    A job whose worker died is handed out once more; then it is a grader fault, and leaves open
    what the exercise is ``worth``. A measurement that could not be told from its limit is
    repeated at the ``calm`` desk, once all else is graded and the machine has less to do: what was
    measured first stands until then, and where the repetition is a fault.
    """
    undecided = []
    for task, result in _each(tasks, desk, worth, meanwhile):
        if task.before is not None:
            result = filled(task.before, result, task.job.only)
        names = tuple(c.name for c in result.checks if c.undecided)
        if names:
            undecided.append(Task(task.key, replace(task.job, only=names), result))
        yield Graded(task, result)
    for task, result in _each(undecided, calm, worth):
        if task.before is not None and not result.faulted:
            yield Graded(task, filled(task.before, result), again=True)


def _each(
    tasks: Iterable[Task],
    desk: Desk,
    worth: Callable[[str], float],
    meanwhile: Callable[[], None] = nothing,
) -> Iterator[tuple[Task, Result]]:
    pending: dict[Future[Result], tuple[Task, bool]] = {}
    done: SimpleQueue[Future[Result]] = SimpleQueue()  # thousands may be pending: no look at each

    def hand_out(task: Task, first: bool) -> None:
        future = desk.submit(task.job)
        pending[future] = (task, first)
        future.add_done_callback(done.put)

    waiting = iter(tasks)
    task = next(waiting, None)
    while task is not None or pending:
        while task is not None and len(pending) < max(1, desk.ahead()):
            hand_out(task, True)
            task = next(waiting, None)
        meanwhile()
        meanwhile = nothing
        future = done.get()
        tried, first = pending.pop(future)
        try:
            result = future.result()
        except Exception as error:
            if first:
                hand_out(tried, False)
                continue
            result = _failed(tried.job, worth(tried.job.exercise), error)
        yield tried, result


def _failed(job: Job, worth: float, error: Exception) -> Result:
    message = f"the worker failed: {type(error).__name__}: {error}"[:500]
    return Result(job.student, job.exercise, job.seed, (), worth, Verdict.GRADER_FAULT, message)


def filled(before: Result, after: Result, asked: tuple[str, ...] = ()) -> Result:
    """A result with the checks replaced that have run now.

    Those ``asked`` for that a fault of ours kept from running are faults; the others stand.
    """
    new = {check.name: check for check in after.checks}
    if after.faulted:
        for check in (c for c in before.checks if c.name in asked and c.name not in new):
            new[check.name] = replace(
                check, verdict=Verdict.GRADER_FAULT, message=after.message, needs=()
            )
    checks = tuple(new.get(check.name, check) for check in before.checks)
    untouched = before.verdict is Verdict.NOT_ATTEMPTED
    return replace(before, checks=checks, verdict=overall(checks, untouched=untouched))
