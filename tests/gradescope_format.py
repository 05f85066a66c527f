"""What Gradescope's page "Autograder Specifications" says of results.json."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

VISIBILITY = ("hidden", "after_due_date", "after_published", "visible")
FORMATS = ("text", "html", "simple_format", "md", "ansi")
NUMBER = (int, float)
_TOP = {
    "score": NUMBER,
    "execution_time": NUMBER,
    "output": str,
    "output_format": FORMATS,
    "visibility": VISIBILITY,
    "stdout_visibility": VISIBILITY,
    "extra_data": dict,
    "tests": list,
    "leaderboard": list,
}
_TEST = {
    "score": NUMBER,
    "max_score": NUMBER,
    "status": ("passed", "failed"),
    "name": str,
    "number": str,
    "output": str,
    "output_format": FORMATS,
    "tags": list,
    "visibility": VISIBILITY,
    "extra_data": dict,
}


def problems(values: dict[str, Any]) -> list[str]:
    """Every breach of the constraints; empty for a file that Gradescope takes."""
    found = list(_fields(values, _TOP, "results"))
    tests = values.get("tests", [])
    if "score" not in values and not all("score" in test for test in tests):
        found.append("neither a score for all nor one for each test")
    if "score" not in values and not tests:
        found.append("neither a score nor tests")
    for number, test in enumerate(tests):
        found += _fields(test, _TEST, f"test {number}")
        if test.get("score", 0) > test.get("max_score", float("inf")):
            found.append(f"test {number}: more than its maximum")
    numbers = [test.get("number") for test in tests]
    if len(set(numbers)) < len(numbers):
        found.append("two tests have one number")
    return found


def _fields(values: dict[str, Any], known: dict[str, Any], where: str) -> Iterator[str]:
    for name, value in values.items():
        wanted = known.get(name)
        if wanted is None:
            yield f"{where}: unknown field {name}"
        elif wanted is NUMBER or isinstance(wanted, type):
            if not isinstance(value, wanted) or isinstance(value, bool):
                yield f"{where}: {name} is {value!r}"
        elif value not in wanted:
            yield f"{where}: {name} is {value!r}"
