"""What is drawn or listed from the code is up to date."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

from autograder import outline
from autograder.kata import by_key
from scripts import architecture, generated
from tests.test_layers import LAYERS

ROOT = Path(__file__).resolve().parents[1]


def test_it_is_what_the_code_says() -> None:
    stale = [
        path.relative_to(ROOT).as_posix()
        for path, text in generated.files()
        if path.read_text(encoding="utf-8") != text
    ]
    assert not stale, "run `make generated`"


def test_the_picture_shows_every_room_and_is_the_same_each_time() -> None:
    picture = architecture.picture()
    assert picture == architecture.picture()
    names = {text.text for text in ET.fromstring(picture).iter() if text.get("class") == "name"}
    assert names == set(architecture.boxes())


def test_no_arrow_of_the_picture_can_be_left_out_and_none_is_missing() -> None:
    graph = architecture.imports()
    drawn = architecture.reduced(graph)

    def reached(box: str) -> set[str]:
        return set(drawn[box]).union(*(reached(other) for other in drawn[box]))

    for box, targets in graph.items():
        assert targets <= reached(box)
        assert set(drawn[box]) <= targets
        for target in drawn[box]:
            assert not any(target in reached(via) for via in drawn[box])


def test_the_page_has_the_layers_of_the_test() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \d+ \| (.*?) \|", page, re.MULTILINE)
    assert [tuple(re.findall(r"`([^`]+)`", row)) for row in reversed(rows)] == list(LAYERS)


def test_the_picture_of_kata_watch_shows_what_it_shows_today() -> None:
    """It is a recorded screen (scripts/picture.py); titles of checks and keys change."""
    picture = ET.parse(ROOT / "docs" / "pictures" / "kata-watch.svg")
    texts = [(text.text or "").replace("\N{NO-BREAK SPACE}", " ") for text in picture.iter()]
    course = outline.load()
    (grader,) = course.check_files(course.exercise("count_up"))
    titles = re.findall(r'^    """(.+?)"""$', grader.read_text(encoding="utf-8"), re.MULTILINE)
    shown = [t[2:].removesuffix(" (hidden)") for t in texts if t.startswith(("✓", "✗"))]
    assert shown == titles
    assert any(by_key.legend(plain=True) in text for text in texts)
