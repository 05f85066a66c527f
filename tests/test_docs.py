"""What the pages for contributors say is there: links, files, decisions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("bench/*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"`([\w.-]+(?:/[\w.-]+)+\.(?:py|md|toml|json|svg|sh))`")
_OURS = (
    *("autograder", "tests", "bench", "scripts", "docs", "course", "packaging"),
    *("authoring", "command_line", "commands", "grading", "gradebook", "ingest", "inside"),
    *("judging", "kata", "report", "sandbox", "text"),
)
_STATE = re.compile(
    r"\*State:\* ((?:Proposed|Accepted|Superseded by \[\d+\]\([\w.-]+\)), \d{4}-\d\d-\d\d.*)\."
)


def _text(page: Path) -> str:
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def _anchors(page: Path) -> Iterator[str]:
    """What GitHub makes of each heading."""
    for heading in re.findall(r"^#+ +(.*)$", _text(page), re.MULTILINE):
        words = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()
        yield re.sub(r"[^\w\- ]", "", words).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in _LINK.findall(_text(page)):
        place, _, anchor = target.partition("#")
        if "://" in place:
            continue
        file = page.parent / place if place else page
        assert file.exists(), target
        assert not anchor or anchor in _anchors(file), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_files_that_are_named_are_there(page: Path) -> None:
    """As they lie in the checkout, or in the package. Names of one part may be a student's."""
    for name in _FILE.findall(_text(page)):
        if name.startswith(_OURS):
            places = (ROOT / name, ROOT / "autograder" / name, ROOT / "autograder/sandbox" / name)
            assert any(place.exists() for place in places), name


def test_every_decision_has_a_number_a_state_and_a_row_in_the_index() -> None:
    index = (ROOT / "docs" / "decisions" / "README.md").read_text(encoding="utf-8")
    rows = [line for line in index.splitlines() if re.match(r"\| \d", line)]
    expected = []
    for number, path in enumerate(DECISIONS, 1):
        heading, empty, state = path.read_text(encoding="utf-8").splitlines()[:3]
        assert path.name.startswith(f"{number:04}-")
        assert heading.startswith(f"# {number}. ")
        assert not empty
        stated = _STATE.fullmatch(state)
        assert stated, f"{path.name}: {state}"
        title = heading.partition(". ")[2]
        expected.append(f"| {number} | [{title}]({path.name}) | {stated[1]} |")
    assert rows == expected
