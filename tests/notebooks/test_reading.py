"""What is read of a notebook file, and what is said of one that cannot be read."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from autograder.ingest.notebooks import reading
from autograder.ingest.notebooks.reading import NotebookProblem, read


def book(*cells: Mapping[str, object], **more: object) -> bytes:
    return json.dumps({"cells": list(cells), "nbformat": 4, "metadata": {}, **more}).encode()


def test_cells_and_their_ids() -> None:
    marked = {"nbgrader": {"grade_id": "x"}}
    data = book(
        {"cell_type": "code", "source": ["a = 1\n", "b"], "metadata": marked},
        {"cell_type": "markdown", "source": "text\r\nmore", "metadata": {}},
    )
    first, second = read(data)
    assert (first.kind, first.source, first.grade_id) == ("code", "a = 1\nb", "x")
    assert (second.kind, second.source, second.grade_id) == ("markdown", "text\nmore", "")


def test_formats_two_and_three() -> None:
    sheet = {
        "cells": [
            {"cell_type": "heading", "level": 1, "source": "Title"},
            {
                "cell_type": "code",
                "language": "python",
                "input": ["x = 1\n"],
                "outputs": [],
                "metadata": {"nbgrader": {"grade_id": "x"}},
            },
        ]
    }
    heading, cell = read(json.dumps({"nbformat": 3, "worksheets": [sheet]}).encode())
    assert heading.kind == "markdown" and heading.source == "# Title"
    assert cell.source == "x = 1\n" and cell.grade_id == "x"


@pytest.mark.parametrize(
    "cell",
    [
        {},
        {"cell_type": 7, "source": None},
        {"cell_type": "code", "source": [1, "a", None], "metadata": []},
        {"cell_type": "code", "source": {"a": 1}, "metadata": {"nbgrader": 5}},
        {"cell_type": "code", "source": "x", "metadata": {"nbgrader": {"grade_id": ["x"]}}},
        {"cell_type": "code", "source": "\ud800", "outputs": "none"},
    ],
)
def test_cells_of_odd_shape_are_read(cell: dict[str, object]) -> None:
    (made,) = read(json.dumps({"cells": [cell, "no cell", None]}).encode())
    made.source.encode()
    assert made.grade_id == ""


def test_outputs_of_any_size_cost_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    output = {
        "output_type": "stream",
        "text": ['"quoted" \\ [{', "y"] * 50,
        "data": {"outputs": [1]},
    }
    cell = {
        "cell_type": "code",
        "outputs": [output] * 40,
        "source": 'a = "outputs": [',
        "metadata": {},
    }
    after = {
        "cell_type": "markdown",
        "source": "end",
        "metadata": {},
        "attachments": {"a": {"b": "c"}},
    }
    data = book(cell, after)
    monkeypatch.setattr(reading, "TEXT_CAP", 2000)
    light = reading.without_outputs(data)
    assert len(light) < 600
    assert [c.source for c in read(data)] == ['a = "outputs": [', "end"]
    with pytest.raises(NotebookProblem, match="cut off"):
        read(data[:5000])
    monkeypatch.setattr(reading, "_TOKENS_CAP", 100)
    with pytest.raises(NotebookProblem, match="too many outputs"):
        read(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b'{"cells": [{"source": "x', "cut off"),
        (b'{"cells": [', "cut off"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b'{\n<<<<<<< HEAD\n"a"\n=======\n>>>>>>> b\n}', "conflict"),
        (b"PK\x03\x04abcdefgh", "zip file"),
        (b"print(1)", "not a notebook"),
        (b"[]", "not a notebook"),
        (b"{}", "no cells"),
        (b'{"cells": 5}', "no cells"),
        (b'{"cells": [,]}', "not valid JSON"),
        (b'{"cells": ' + b"[" * 100_000, "nested too deeply"),
        (b'{"cells": [' + b"9" * 5000 + b"]}", "not valid JSON"),
        (b"\xff\xfe\x00", "damaged"),
        (b'{"cells": ["\xff"]}', "damaged"),
        (json.dumps({"cells": [{}] * 5001}).encode(), "5000 cells"),
    ],
)
def test_what_is_no_notebook_is_said(data: bytes, words: str) -> None:
    with pytest.raises(NotebookProblem, match=words):
        read(data)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a = 1\nb = 2", "a = 1\nb = 2"),
        (["a = 1\n", "b = 2"], "a = 1\nb = 2"),
        (["a = 1", "b = 2"], "a = 1\nb = 2"),
        (["a = 1"], "a = 1"),
        (["a = 1\n", "\n"], "a = 1\n\n"),
        ([], ""),
    ],
)
def test_sources_of_every_shape(source: object, text: str) -> None:
    (cell,) = read(book({"cell_type": "code", "source": source}))
    assert cell.source == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_encodings_of_json(encoding: str) -> None:
    text = json.dumps({"cells": [{"cell_type": "code", "source": "a = 'é'"}]}, ensure_ascii=False)
    assert read(text.encode(encoding))[0].source == "a = 'é'"


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"metadata": {"vscode": {"languageId": "shellscript"}}}, "raw"),
        ({"metadata": {"vscode": {"languageId": "python"}}}, "code"),
        ({"metadata": {"id": "Zx81", "colab": {"base_uri": "x"}}}, "code"),
        ({"metadata": {"_uuid": "1", "_cell_guid": "2", "trusted": True}}, "code"),  # Kaggle
        ({"language": "python"}, "code"),
        ({"language": "ruby"}, "raw"),
    ],
)
def test_cells_of_other_programs(more: dict[str, object], kind: str) -> None:
    assert read(book({"cell_type": "code", "source": "a", **more}))[0].kind == kind


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"paragraphs": []}, "Zeppelin"),
        ({"content": {"cells": []}}, "download the notebook itself"),
    ],
)
def test_what_else_it_may_be(document: object, words: str) -> None:
    with pytest.raises(NotebookProblem, match=words):
        read(json.dumps(document).encode())
