"""Peak memory, measured from the judge's side against a worker that holds nothing.

What counts is the largest of three figures, so that memory which is held before the call and
given back in it hides nothing:

* growth: the peak (``VmHWM``) above what the worker held before the call;
* held: the peak above what a worker holds that has imported the same modules and defines
  nothing, less :data:`HELD`;
* growth and what was given back meanwhile, less :data:`GIVEN_BACK`.

Memory of children and in shared mappings that are not resident is added to each. Library code
that comes in when it is first used is taken off, up to :data:`FIRST_USE`. The figures
behind the allowances are in ``docs/decisions/0014-beyond-doubt.md``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from autograder.judging.measured import Measured
from autograder.judging.peak import Peak
from autograder.judging.protocols import Observation, Side
from autograder.sandbox.processes import footprint, peak_resident, reset_peak

HELD = 1_000_000
"""Bytes that a module may hold beside what it imports: its code, classes, tables."""

GIVEN_BACK = 3_000_000
"""Bytes by which a worker's level may fall in a call: freed caches, pages written to."""

FIRST_USE = 12_000_000
"""Bytes of library code, at most, that may come in when it is first used (torch takes 9 MB)."""

_IMPORTS_ONLY = """\
def _imports(body):
    for node in body:
        if type(node).__name__ in ("Import", "ImportFrom"):
            yield node
        elif type(node).__name__ == "Try":
            # Only what comes first in it is run in any case.
            for inner in node.body:
                if type(inner).__name__ not in ("Import", "ImportFrom"):
                    break
                yield inner


def _run():
    import ast

    for node in _imports(ast.parse(SOURCE).body):
        try:
            exec(compile(ast.Module([node], []), "imports", "exec"), {"__name__": "imports"})
        except Exception:
            pass


_run()
del SOURCE
"""


def peak_memory(
    side: Side, function: Observation, *, helpers: Iterable[Observation] = (), **arguments: Any
) -> Peak:
    """Peak memory of a fresh worker and its children while ``function`` runs (see the module).

    Ask for ``peak.settled(allowed)`` before you judge it: a fail is measured again.
    """
    helpers = tuple(helpers)
    measured, place = side.scope.measured, len(side.scope.measured)
    record = Measured("memory", (side.role,), 0.0)
    measured.append(record)

    def measure() -> Peak:
        return _measure(side, function, helpers, arguments)

    def again() -> Peak:
        # The other half of the comparison is measured again, too: now, or for the next submission.
        side.scope.resting.clear()
        side.scope.peaks.clear()
        return measure()

    def told(peak: Peak, allowed: float) -> None:
        measured[place] = replace(
            record, first=peak.bytes, runs=peak.runs, over=peak.bytes > allowed
        )

    peak = replace(measure(), _again=again, _told=told)
    measured[place] = replace(record, first=peak.bytes)
    return peak


def _measure(
    side: Side, function: Observation, helpers: Iterable[Observation], arguments: Mapping[str, Any]
) -> Peak:
    fresh = side.fresh()
    pid = fresh.worker().pid
    # An empty call first: the first request allocates what every later one reuses.
    # It also gives back what was freed before: filled again, that would be no growth.
    fresh.collected(_nothing, {})
    # Code of the grader's own hides nothing; the fork to compare it with is spared.
    empty = _resting(side) if side.role == "student" else None
    reset_peak(pid)
    watch = footprint.Watch(pid)
    watch.start()
    try:
        value = fresh.collected(function, arguments, helpers)
    finally:
        watch.end()
    code = _first_use(watch.libraries, footprint.libraries(pid))
    most = max(peak_resident(pid) - code, watch.before.file + watch.most_own)
    resting = None if empty is None else empty[0] + _first_use(empty[1], watch.libraries)
    growth, counted = count(watch, most, resting)
    return Peak(counted, value, growth)


def _first_use(before: int, after: int) -> int:
    """Bytes of library code that came in between two looks: no memory of the answer's."""
    return min(max(0, after - before), FIRST_USE)


def count(watch: footprint.Watch, most: int, resting: int | None) -> tuple[int, int]:
    """Growth and what counts, in bytes, where ``most`` was resident at the peak.

    ``resting`` is the level of a worker that holds nothing, None for code that is trusted.
    """
    growth = max(0, most - watch.before.resident)
    counted = max(growth, growth + watch.given_back - GIVEN_BACK)
    if resting is not None:
        counted = max(counted, most - resting - HELD)
    return growth + watch.elsewhere, counted + watch.elsewhere


def _resting(side: Side) -> tuple[int, int]:
    """Resident bytes of a worker with what the module imports, and nothing else of it.

    The second number is how many of them are pages of libraries.

    The imports are found and run there: nothing of a submission is parsed by the judge.
    """
    known = side.scope.resting
    if side.source not in known:
        source = b"SOURCE = " + repr(side.source).encode() + b"\n" + _IMPORTS_ONLY.encode()
        empty = side.with_source(source)
        empty.collected(_nothing, {})
        pid = empty.worker().pid
        known[side.source] = (footprint.levels(pid).resident, footprint.libraries(pid))
        empty.worker().close()
    return known[side.source]


def _nothing(module: Any) -> None:
    return None
