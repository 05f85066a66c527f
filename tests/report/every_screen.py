"""A verdict as every screen, page and cell shows it, and what becomes of a verdict that is new.

As a program: adds a verdict to ``model`` and a row to ``text/wording``, as a contributor would,
and shows it everywhere. Nothing else of the package is changed.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import io
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

EDITS = {
    "autograder.model": (
        '    GRADER_FAULT = "grader fault"\n',
        '    GRADER_FAULT = "grader fault"\n    NOISY = "noisy"\n',
    ),
    "autograder.text.wording": (
        "    Verdict.GRADER_FAULT: Wording(\n",
        '    Verdict.NOISY: Wording("~", "bad", "blue", "noise", "noisy", "It was noisy"),\n'
        "    Verdict.GRADER_FAULT: Wording(\n",
    ),
}


class Edited(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Loads two modules with the edits in them."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        return importlib.util.spec_from_loader(name, self) if name in EDITS else None

    def get_source(self, name: str) -> str:
        spec = importlib.machinery.PathFinder.find_spec(
            name, sys.modules[name.rpartition(".")[0]].__path__
        )
        assert spec is not None and spec.origin is not None
        text = Path(spec.origin).read_text(encoding="utf-8")
        old, new = EDITS[name]
        assert text.count(old) == 1, f"{old!r} is not in {name}"
        return text.replace(old, new)


def screens(verdict: Any, course: Any) -> dict[str, str]:
    """Everything that shows a verdict, by the name of the place, with an exercise that ended so and
    with checks that did."""
    from rich.console import Console

    from autograder.kata import html, lines
    from autograder.kata.checking import Checked
    from autograder.kata.terminal import Screen
    from autograder.model import CheckResult, Result, Verdict, overall
    from autograder.report import cell_output, faults, feedback, terminal

    def check(name: str, how: Any) -> CheckResult:
        earned = 2.0 if how is Verdict.PASSED else 0.0
        return CheckResult(name, f"Title of {name}.", how, earned, 2.0, name == "a", "It was 3.")

    exercise = course.exercises[0]
    info = feedback.RunInfo(course.title, "now")
    # An exercise that nobody tried has no column.
    other = Result("bob", exercise.id, "s", (check("a", Verdict.PASSED),), 4.0, Verdict.PASSED)
    places: dict[str, list[str]] = {}
    for checks in ((), (check("a", verdict),), (check("a", verdict), check("b", Verdict.PASSED))):
        whole = overall(checks, untouched=True) if checks else verdict
        result = Result("ann", exercise.id, "s", checks, 4.0, whole, "A note.")
        screen = io.StringIO()
        table = Console(file=screen, force_terminal=True, width=100)
        table.print(terminal.results_table([result, other], course))
        said = lines.lines(Checked(exercise, "double.py", result))
        texts = {
            "table": screen.getvalue(),
            "summary": "\n".join(terminal.summary_lines([result])),
            "faults": "\n".join(faults.fault_lines([result])),
            "page": feedback.render("ann", [result], course, info),
            "cell": cell_output.feedback(result),
            "plain": "\n".join(Screen(True, io.StringIO()).format(line) for line in said),
            "colour": "\n".join(Screen(False, io.StringIO()).format(line) for line in said),
            "notebook": html.render(said),
        }
        for place, text in texts.items():
            places.setdefault(place, []).append(text)
    return {place: "\n".join(texts) for place, texts in places.items()}


def main(folder: str) -> None:
    """Show the new verdict everywhere."""
    sys.meta_path.insert(0, Edited())
    from autograder import outline
    from autograder.model import Verdict

    for place, text in screens(Verdict["NOISY"], outline.load(Path(folder))).items():
        noisy = "noise" if place == "table" else "noisy"
        assert place == "faults" or noisy in text.lower() or "~" in text, (place, text)
    print("shown everywhere")


if __name__ == "__main__":
    main(sys.argv[1])
