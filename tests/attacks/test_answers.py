"""Answers that attack the grader earn what their honest part earns, and no more.

The first line of each says what it tries, and in brackets the checks that it must not pass (``*``:
it earns nothing). They are graded as the user who runs the tests, and once more as one without
privileges.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.unprivileged import as_unprivileged

HERE = Path(__file__).parent
ANSWERS = sorted((HERE / "answers").glob("*/*.py"))
FIRST_LINE = re.compile(r"# attack: ([A-Z]\d .+?)  \[(\*|test_\w+(?:, test_\w+)*)\]")

pytestmark = [pytest.mark.usefixtures("walls"), pytest.mark.timeout(900)]


def _named(path: Path) -> list[str]:
    match = FIRST_LINE.fullmatch(path.read_text(encoding="utf-8").partition("\n")[0])
    assert match is not None, f"{path} needs a first line `# attack: B5 what it tries  [checks]`"
    return [] if match[2] == "*" else match[2].split(", ")


def _graded(user: str, answers: list[Path]) -> list[dict[str, Any]]:
    """The result of each of the answers."""
    worker = os.getpid() % 97
    command = [sys.executable, "-P", str(HERE / "drive.py"), str(700 + 2 * worker)]
    if user == "unprivileged":
        if os.geteuid() != 0:
            pytest.skip("these tests run as an unprivileged user already")
        command = as_unprivileged(65_300 + worker, command)
    tasks = [[path.parent.name, str(path), _named(path)] for path in answers]
    done = subprocess.run(command, input=json.dumps(tasks), text=True, stdout=subprocess.PIPE)
    lines = done.stdout.splitlines()
    if not lines and user == "unprivileged":
        pytest.skip("no judge can be run as another user here")
    assert len(lines) == len(answers)
    return [json.loads(line) for line in lines]


def _problems(path: Path, result: dict[str, Any]) -> list[str]:
    """What an answer earned that it must not."""
    named = _named(path)
    ran = {check["name"]: check for check in result["checks"]}
    found = [f"{name} did not run" for name in named if name not in ran]
    for name, check in ran.items():
        if check["verdict"] == "grader fault":
            found.append(f"{name}: grader fault: {check['message']}")
        elif (not named or name in named) and (check["points"] or check["verdict"] == "passed"):
            found.append(f"{name} was passed")
    return [f"{path.parent.name}/{path.stem}: {words}" for words in found]


@pytest.mark.parametrize("user", ["self", "unprivileged"])
def test_attacks_earn_no_more_than_their_honest_part(user: str) -> None:
    """All in one, so that two judges serve them all.

    Without privileges a tenth of them is enough, drawn at random: nearly all depends on the judge.
    """
    answers = ANSWERS if user == "self" else random.sample(ANSWERS, len(ANSWERS) // 10)
    results = zip(answers, _graded(user, answers), strict=True)
    assert [words for path, result in results for words in _problems(path, result)] == []
