"""A folder is listed once, however many there are."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from autograder.ingest import tree
from autograder.ingest.tree import Kind, Node


@pytest.fixture
def few_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    tree._small.clear()
    monkeypatch.setattr(tree, "_KEPT", 2)


def facts(node: Node) -> tuple[object, ...]:
    return node.name, node.where, node.inner, node.path, node.kind, node.time, node.problem


@pytest.mark.usefixtures("few_kept")
def test_a_folded_folder_holds_what_was_listed(tmp_path: Path) -> None:
    for number in range(6):
        folder = tmp_path / f"s{number}"
        folder.mkdir()
        for name in ("b.py", "a\udce9.py"):
            (folder / os.fsencode(name).decode("utf-8", "surrogateescape")).write_text("")
            os.utime(folder / name, (1e9 + number, 1e9 + number))
        (folder / "link").symlink_to("b.py")
    students = tree.on_disk(str(tmp_path)).children()
    listed = [[facts(child) for child in student.children()] for student in students]
    shutil.rmtree(tmp_path / "s0")  # nothing is looked up again
    assert sum(student._listed is not None for student in students) == 2
    assert [[facts(child) for child in student.children()] for student in students] == listed
    assert [child.kind for child in students[0].children()].count(Kind.LINK) == 1
    assert students[0].newest() == 1e9


@pytest.mark.usefixtures("few_kept")
def test_folders_that_hold_folders_are_not_folded(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"s{number}" / "chapter").mkdir(parents=True)
    students = tree.on_disk(str(tmp_path)).children()
    below = [student.children()[0] for student in students]
    assert [student.children()[0] for student in students] == below
