"""Answers that attack the grader earn what their honest part earns, and no more.

The first line of each says what it tries, and in brackets the checks that it must not pass (``*``:
it earns nothing). They are graded as the user who runs the tests, and once more as one without
privileges.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from unprivileged import as_unprivileged

HERE = Path(__file__).parent
ANSWERS = sorted((HERE / "answers").glob("*/*.py"))
FIRST_LINE = re.compile(r"# attack: ([A-Z]\d .+?)  \[(\*|test_\w+(?:, test_\w+)*)\]")

pytestmark = [pytest.mark.usefixtures("walls"), pytest.mark.timeout(900)]


def _named(path: Path) -> list[str]:
    match = FIRST_LINE.fullmatch(path.read_text(encoding="utf-8").partition("\n")[0])
    assert match is not None, f"{path} needs a first line `# attack: B5 what it tries  [checks]`"
    return [] if match[2] == "*" else match[2].split(", ")


@pytest.fixture(scope="session", params=["self", "unprivileged"])
def results(request: pytest.FixtureRequest) -> dict[str, dict[str, Any]]:
    """The result of each answer, by its path."""
    worker = os.getpid() % 97
    command = [sys.executable, "-P", str(HERE / "drive.py"), str(700 + 2 * worker)]
    if request.param == "unprivileged":
        if os.geteuid() != 0:
            pytest.skip("these tests run as an unprivileged user already")
        command = as_unprivileged(65_300 + worker, command)
    tasks = [[path.parent.name, str(path), _named(path)] for path in ANSWERS]
    done = subprocess.run(command, input=json.dumps(tasks), text=True, stdout=subprocess.PIPE)
    lines = done.stdout.splitlines()
    if not lines and request.param == "unprivileged":
        pytest.skip("no judge can be run as another user here")
    assert len(lines) == len(ANSWERS)
    return {str(p): json.loads(line) for p, line in zip(ANSWERS, lines, strict=True)}


@pytest.mark.xdist_group("attacks")
@pytest.mark.parametrize("path", ANSWERS, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_earns_no_more_than_its_honest_part(results: dict[str, Any], path: Path) -> None:
    result = results[str(path)]
    named = _named(path)
    ran = {check["name"]: check for check in result["checks"]}
    assert set(named) <= set(ran), result
    for check in ran.values():
        assert check["verdict"] != "grader fault", check
        if not named or check["name"] in named:
            assert check["points"] == 0 and check["verdict"] != "passed", check
