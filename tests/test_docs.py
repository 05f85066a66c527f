"""What the pages for contributors say is there: links, files, decisions."""

from __future__ import annotations

import ast
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


def _definitions(text: str) -> dict[str, set[str]]:
    """Top names of a module, each with the names that a class of that name has."""
    found: dict[str, set[str]] = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found[node.name] = set()
        elif isinstance(node, ast.ClassDef):
            found[node.name] = {n.name for n in node.body if isinstance(n, ast.FunctionDef)}
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found.update({t.id: set() for t in targets if isinstance(t, ast.Name)})
    return found


def _is_there(dotted: str) -> bool:
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        place = (ROOT / "autograder").joinpath(*parts[:length])
        rest = parts[length:]
        for file in (place.with_suffix(".py"), place / "__init__.py"):
            if file.is_file():
                names = _definitions(file.read_text(encoding="utf-8"))
                return not rest or (
                    rest[0] in names and (len(rest) == 1 or rest[1] in names[rest[0]])
                )
    return False


def test_the_walks_name_modules_and_functions_that_are_there() -> None:
    page = _text(ROOT / "docs" / "architecture.md")
    walks = page[page.index("## One submission") :]
    names = re.findall(r"`((?:[a-z_]+\.)+\w+)`", walks)
    names = [n for n in names if not n.endswith((".csv", ".jsonl", ".json", ".toml"))]
    assert len(names) > 40
    assert [name for name in names if not _is_there(name)] == []
