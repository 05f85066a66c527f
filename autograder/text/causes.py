"""Checks that ended for one reason: a mistake is said once, however many checks meet it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.model import ENDED_PROCESS, NOT_DEFINED, NOT_RUN, OPEN, CheckResult, Verdict

_KIND = re.compile(r"[^:\n]*: (\w+)")
_UNNAMED = "an"  # "an exception of your own", for a class that is not Python's


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason, and the checks that ended for it, in their order."""

    checks: tuple[CheckResult, ...]
    not_run: int = 0
    """How many of them were not run, because others had hung before."""

    @property
    def first(self) -> CheckResult:
        """The check that met it first."""
        return self.checks[0]

    @property
    def message(self) -> str:
        """What is said of it: by a public check if there is one, which may say more."""
        return max(self.checks, key=lambda c: (c.public, not _waits(c), len(c.message))).message

    @property
    def missing(self) -> bool:
        """Whether it is a name that is not there: everything else has to wait for that."""
        return NOT_DEFINED in self.message.partition("\n")[0] and not self.first.hint

    @property
    def others(self) -> int:
        """How many more checks were run and ended for the same reason."""
        return len(self.checks) - 1 - self.not_run


def causes(checks: Sequence[CheckResult]) -> list[Cause]:
    """One entry for each reason, a missing name first; a check that passed is one by itself."""
    found: dict[Any, list[CheckResult]] = {}
    stopped: Any = None
    for check in checks:
        key: Any = _reason(check)
        if _waits(check):
            key = stopped or key
        elif check.verdict in ENDED_PROCESS:
            stopped = key
        found.setdefault(key, []).append(check)
    _unnamed(found)
    all_ = [Cause(tuple(some), sum(map(_waits, some))) for some in found.values()]
    return sorted(all_, key=lambda cause: not cause.missing)


def _unnamed(found: dict[Any, list[CheckResult]]) -> None:
    """Join what hidden checks say of an exception without its name to what names it."""
    by_line = [key for key in found if len(key) == 3]
    for key in [key for key in by_line if key[1] == _UNNAMED]:
        named = (k for k in by_line if k != key and (k[0], k[2]) == (key[0], key[2]))
        other = next(named, None)
        if other is not None:
            found[other] += found.pop(key)


def _waits(check: CheckResult) -> bool:
    return check.message.startswith(NOT_RUN) and check.verdict in ENDED_PROCESS


def _reason(check: CheckResult) -> tuple[object, ...]:
    """What two checks have in common that ended for the same reason."""
    if check.verdict is Verdict.PASSED or check.verdict in OPEN or not check.message:
        return (check.name,)
    first, _, rest = check.message.partition("\n")
    if check.verdict is Verdict.FAILED or not rest:
        return check.verdict, check.message
    # The same kind of exception in the same line: hidden checks say less in their first line.
    kind = _KIND.match(first)
    return check.verdict, kind and kind[1], rest.partition("\n")[0]
