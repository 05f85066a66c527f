"""``kata check``: run, show, and say by the exit code whether all passed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from autograder.judging.session import Cancelled, JudgeSession
from autograder.kata.lines import Line, steps
from autograder.kata.terminal import Screen
from autograder.kata.workspace import Workspace
from autograder.model import Verdict
from autograder.outline import Exercise

if TYPE_CHECKING:
    from autograder.kata.checking import Checked

INTERRUPTED = 130
SCHEMA = 1


def _first_steps(checked: Checked) -> Iterator[Line]:
    """What to type where nothing was written yet."""
    if checked.result.verdict is Verdict.NOT_ATTEMPTED and not checked.result.checks:
        id = checked.exercise.id
        yield from steps(
            (f"kata show {id}", "what it asks for"), (f"kata hint {id}", "when you are stuck")
        )


def run(workspace: Workspace, chosen: Sequence[Exercise], screen: Screen, as_json: bool) -> int:
    """Check exercises one after another; 0 when all passed, 1 when not, 130 after ctrl-C."""
    session = JudgeSession(workspace.course)
    # Workers start while the rest is imported; for a stub, none is needed.
    started = next((e for e in chosen if not workspace.is_stub(e)), None)
    if started is not None:
        session.warm(started)
    from autograder.kata import checking, lines

    done: list[checking.Checked] = []
    try:
        for exercise in chosen:
            place = f" ({len(done) + 1} of {len(chosen)})" if len(chosen) > 1 else ""
            with screen.during("" if as_json else f"Checking {exercise.id}{place} …"):
                checked = checking.check_file(session, workspace, exercise)
            done.append(checked)
            if not as_json:
                if len(done) > 1:
                    screen.write("")
                screen.show(lines.lines(checked, alone=len(chosen) == 1))
                screen.show(_first_steps(checked))
    except (KeyboardInterrupt, Cancelled):
        session.cancel()
        screen.show([Line("open", "before the end.", "stopped")])
        return INTERRUPTED
    finally:
        session.close()
    passed = all(c.passed for c in done)
    if as_json:
        document: dict[str, Any] = {
            "schema": SCHEMA,
            "passed": passed,
            "exercises": [c.as_dict() for c in done],
        }
        print(json.dumps(document, indent=1, ensure_ascii=False))
    elif len(done) > 1:
        count = sum(c.passed for c in done)
        screen.write("")
        screen.show([Line("summary", f"{count} of {len(done)} exercises passed.")])
        if passed and done[-1].remembered:
            screen.show(lines.coming(done[-1].following))
    return 0 if passed else 1
