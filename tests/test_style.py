"""The worst idioms do not get into what we ship; docs/style.md has the rules."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
IDIOMS = tomllib.loads((ROOT / "tests" / "idioms.toml").read_text(encoding="utf-8"))["idiom"]

ROOMS = ("autograder", "bench", "docs", "scripts")
LATER = (
    "autograder/graders/",  # messages of checks: their own standard
    "docs/clauses.md",  # quotes the contracts
    "docs/coverage.md",  # generated from the lessons and the graders
    "docs/style.md",  # shows them
)


def shipped() -> Iterator[Path]:
    """Every text of ours that users and contributors read; lessons and stubs follow later."""
    yield from ROOT.glob("*.md")
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.suffix in (
                ".md",
                ".py",
                ".j2",
                ".sh",
                ".json",
                ".toml",
            ) and not name.startswith(LATER):
                yield path


@pytest.mark.parametrize("idiom", IDIOMS, ids=lambda idiom: idiom["better"])
def test_idioms(idiom: dict[str, str]) -> None:
    pattern = re.compile(idiom["pattern"])
    places = []
    for path in shipped():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if pattern.search(line):
                places.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert not places, f"write {idiom['better']!r} instead:\n" + "\n".join(places)


def test_the_style_page_has_its_twenty_rules() -> None:
    text = (ROOT / "docs" / "style.md").read_text(encoding="utf-8")
    rules = re.findall(r"^\| (\d+) \| .+ \| .+ \| .+ \|$", text, re.MULTILINE)
    assert [int(rule) for rule in rules] == list(range(1, 21))
