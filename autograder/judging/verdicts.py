"""The result of one check, from the way it ended."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.judging import faults
from autograder.judging.outcomes import CheckFailed, Deferred, Outcome
from autograder.judging.specs import CheckSpec
from autograder.model import NOT_RUN, CheckResult, Verdict

_NEEDED = {"gpu": "a CUDA GPU", "cores": "two or more cores"}


def given_up(
    item: pytest.Item, spec: CheckSpec, hopeless: Outcome | None, costly: list[Verdict]
) -> CheckResult:
    """The result of a check that was not run, because running it would say nothing new."""
    if hopeless is not None:
        message = hopeless.public_message if spec.public else hopeless.hidden_message
        return _result(item, spec, hopeless.verdict, message, 0.0)
    ways = " or ".join(str(v).replace("out of", "ran out of") for v in dict.fromkeys(costly))
    checks = "1 check" if len(costly) == 1 else f"{len(costly)} checks"
    words = f"{NOT_RUN}: {checks} before it {ways}."
    return replace(_result(item, spec, costly[-1], words, 0.0), hint="")


def scaled(result: CheckResult, scale: float) -> CheckResult:
    """The result in points of the outline, ``scale`` times those of the check."""
    return replace(
        result,
        points=round(result.points * scale, 4),
        max_points=round(result.max_points * scale, 4),
    )


def _result(
    item: pytest.Item, spec: CheckSpec, verdict: Verdict, message: str, seconds: float
) -> CheckResult:
    title = " ".join((item.function.__doc__ or item.name).split("\n\n")[0].split())  # type: ignore[attr-defined]
    earned = spec.points if verdict is Verdict.PASSED else 0.0
    shown = spec.hint if verdict not in (Verdict.PASSED, Verdict.DEFERRED) else ""
    return CheckResult(
        name=item.name,
        title=title,
        verdict=verdict,
        points=earned,
        max_points=spec.points,
        public=spec.public,
        message=message,
        hint=shown,
        # Two digits are what a clock is good for here, and let a class share its results.
        seconds=float(f"{seconds:.2g}"),
    )


def judged(
    item: pytest.Item, spec: CheckSpec, error: BaseException | None, seconds: float
) -> CheckResult:
    """The result of a check that ended with ``error`` (None: it passed)."""
    if error is None:
        verdict, message = Verdict.PASSED, ""
    elif isinstance(error, Deferred):
        verdict, message = Verdict.DEFERRED, f"Needs {_NEEDED.get(str(error), error)}."
    elif isinstance(error, Outcome):
        verdict = error.verdict
        message = error.public_message if spec.public else error.hidden_message
    elif isinstance(error, CheckFailed):
        verdict, message = Verdict.FAILED, str(error)
    else:
        # A bare assert included: its introspection would show expected values.
        verdict = Verdict.GRADER_FAULT
        message = faults.placed(error, item.path)
    result = _result(item, spec, verdict, message, seconds)
    if isinstance(error, Deferred):
        result = replace(result, needs=tuple({*spec.needs, str(error)} - {""}))
    return result
