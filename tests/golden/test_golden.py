"""What the commands leave is what is recorded in ``expected``, apart from times and measurements.

A test per road, so that they run in parallel. Where a change is meant, renew the folder and read
its diff: ``python -m tests.golden.capture tests/golden/expected``.
"""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from tests.golden.capture import capture

EXPECTED = Path(__file__).parent / "expected"
RENEW = "python -m tests.golden.capture tests/golden/expected"
LINES = 60  # of a diff that are shown per file


def texts(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.txt"))
    }


def differences(expected: dict[str, str], captured: dict[str, str]) -> list[str]:
    """What a person needs to see: a line for a missing or new file, a diff for a changed one."""
    reports = []
    for name in sorted({*expected, *captured}):
        if name not in captured:
            reports.append(f"{name}: expected, but not produced")
        elif name not in expected:
            reports.append(f"{name}: produced, but not expected")
        elif expected[name] != captured[name]:
            before, after = expected[name].splitlines(), captured[name].splitlines()
            diff = list(difflib.unified_diff(before, after, "expected", "produced", lineterm=""))
            cut = [f"… {len(diff) - LINES} more lines"] if len(diff) > LINES else []
            reports.append("\n".join([f"{name}:", *diff[:LINES], *cut]))
    return reports


def compare(road: str, folder: Path) -> None:
    capture(folder, road)
    reports = differences(texts(EXPECTED / road), texts(folder))
    if reports:
        meant = f"Where this is meant, renew what is expected and read the diff:\n  {RENEW} {road}"
        pytest.fail("\n\n".join([*reports, meant]), pytrace=False)


@pytest.mark.usefixtures("walls")
def test_grade(tmp_path: Path) -> None:
    compare("grade", tmp_path / "grade")


@pytest.mark.usefixtures("walls")
def test_audit(tmp_path: Path) -> None:
    compare("audit", tmp_path / "audit")


def test_kata(tmp_path: Path) -> None:
    compare("kata", tmp_path / "kata")


@pytest.mark.usefixtures("walls")
def test_nbgrader(tmp_path: Path) -> None:
    pytest.importorskip("nbgrader")
    compare("nbgrader", tmp_path / "nbgrader")


def test_what_a_failure_shows() -> None:
    expected = {"same": "a\n", "gone": "b\n", "changed": "c\nd\n"}
    captured = {"same": "a\n", "new": "b\n", "changed": "c\ne\n"}
    changed, gone, new = differences(expected, captured)
    assert changed.startswith("changed:\n--- expected\n+++ produced\n")
    assert changed.endswith(" c\n-d\n+e")
    assert gone == "gone: expected, but not produced"
    assert new == "new: produced, but not expected"
