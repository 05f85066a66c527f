"""What files hold: stubs, other encodings, notebooks and archives under other names."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from autograder.model import Verdict
from autograder.outline import Course
from autograder.stubs import is_untouched
from tests.ingest import one


@pytest.fixture
def stub(toy: Course) -> bytes:
    return toy.stub(toy.exercise("double")).read_bytes()


def book(*sources: str) -> bytes:
    cells: list[dict[str, Any]] = [
        {"cell_type": "code", "source": s, "metadata": {}, "outputs": [], "execution_count": None}
        for s in sources
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


# -- stubs ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "stub_at"),
    [
        ("double.py", "basics/double.py"),
        ("mine/double.py", "template/double.py"),
        ("double (1).py", "double.py"),
        ("kata.zip", "basics/double.py"),
        ("ann_double.py", "basics/double.py"),
        ("basics.ipynb", "basics/double.py"),
    ],
)
def test_a_stub_is_no_candidate_beside_an_answer(
    tmp_path: Path, toy: Course, stub: bytes, answer: str, stub_at: str
) -> None:
    data = one.GOOD
    if answer.endswith(".zip"):
        data = one.zipped({"work/double.py": one.GOOD})
    elif answer.endswith(".ipynb"):
        data = book(one.GOOD.decode())
    one.lay(tmp_path, {answer: data, stub_at: b"\xef\xbb\xbf# mine\r\n" + stub})
    assert one.answer(tmp_path, toy).source == one.GOOD


def test_a_stub_alone_is_what_there_is(tmp_path: Path, toy: Course, stub: bytes) -> None:
    one.lay(tmp_path, {"double.py": stub, "old/double.py": b"\n"})
    assert one.answer(tmp_path, toy).source == stub


def test_untouched(stub: bytes) -> None:
    assert is_untouched(stub, stub.decode())
    assert is_untouched(stub.replace(b"\n", b"\r\n") + b"\n\n# to do\n", stub)
    assert not is_untouched(one.GOOD, stub)
    assert not is_untouched(b"", b"") and not is_untouched(b"", stub)


def test_a_whole_workspace(tmp_path: Path, toy: Course, stub: bytes) -> None:
    one.lay(
        tmp_path,
        {
            "exercises/basics/double.py": one.GOOD,
            ".kata/pristine/exercises/basics/double.py": stub,
            ".kata/kept/double-1.py": one.OTHER,
            "graders/basics/test_double.py": b"x = 1\n",
        },
    )
    taken = one.take(tmp_path, toy)
    found = taken.answers["double"]
    assert found.source == one.GOOD and not found.note
    rows = one.rows(taken)
    assert rows[".kata"] == ("", "not taken", "kata's own")
    assert rows["exercises/basics/double.py"] == ("double", "graded", "")


# -- the reason survives ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"double.py": "x = 1\n".encode("utf-16")}, "double.py is UTF-16 text"),
        ({"double.py": "# é\n".encode("cp1252")}, "byte 0xe9 in line 1; save it as UTF-8"),
        ({"x/double.py": one.GOOD, "y/double.py": one.OTHER}, "x/double.py, y/double.py. Keep one"),
        ({"double.py": b"<!DOCTYPE html><html>"}, "double.py is a web page"),
        ({"work.7z": b"7z\xbc\xaf\x27\x1c"}, "work.7z was not opened: it is a 7z archive"),
        ({"double.py": b""}, "double.py is empty"),
    ],
)
@pytest.mark.parametrize("beside", ["notebook", "broken", "stub"])
def test_what_is_untouched_hides_no_refusal(
    tmp_path: Path, toy: Course, stub: bytes, files: dict[str, bytes], words: str, beside: str
) -> None:
    more = {
        "notebook": {"basics.ipynb": book(stub.decode(), "print(1)")},
        "broken": {"basics.ipynb": b"{"},
        "stub": {"deep/in/double.py": stub},
    }[beside]
    taken = one.take(one.lay(tmp_path, {**files, **more}), toy)
    found = taken.answers["double"]
    assert found.verdict is Verdict.REJECTED
    assert words in found.message or (beside == "broken" and "basics.ipynb" in found.message)
    assert "refused" in {row[1] for row in one.rows(taken).values()}


def test_a_notebooks_answer_counts_beside_a_refused_file(tmp_path: Path, toy: Course) -> None:
    one.lay(tmp_path, {"basics.ipynb": book(one.GOOD.decode()), "double.py": b"\xff"})
    found = one.answer(tmp_path, toy)
    assert found.source == one.GOOD and "Not taken: double.py is not utf-8 text" in found.note


# -- encodings and disguises ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("x = 'é'\n".encode("utf-16"), "is UTF-16 text, which Python does not read: save it as"),
        ("x = 'example'\n".encode("utf-16-le"), "is UTF-16 text"),
        ("x = 'example'\n".encode("utf-16-be"), "is UTF-16 text"),
        ("x = 1\n".encode("utf-32"), "is UTF-32 text"),
        ("x = 1\n# \u2019\n".encode("cp1252"), "byte 0x92 in line 2; save it as UTF-8"),
        (b" \n", "is empty: save it and hand it in again"),
        (b"\n <html><head>", "is a web page (HTML)"),
        (b"%PDF-1.7 ...", "is a PDF"),
        (b"{\\rtf1\\ansi", "is an RTF document"),
        (b"Rar!\x1a\x07\x00", "is a rar archive"),
        (one.zipped({"double.py": one.GOOD}), "is a zip archive"),
        (one.zipped({"word/document.xml": b"x"}), "is a Word document"),
        (b"version https://git-lfs.github.com/spec/v1\n", "is a Git LFS pointer"),
        (b'{"cells": [', "is a notebook saved as a script, and is cut off"),
    ],
)
def test_what_is_no_source_text_says_what_it_is(
    tmp_path: Path, toy: Course, data: bytes, words: str
) -> None:
    if data.startswith(b'{"'):
        data = b'{"nbformat": 4, ' + data[1:]
    found = one.answer(one.lay(tmp_path, {"double.py": data}), toy)
    assert found.verdict is Verdict.REJECTED and found.message.startswith("double.py is")
    assert words in found.message


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("double.py", book("import os", one.GOOD.decode())),
        ("work.py", book(one.GOOD.decode())),
        ("basics.py", one.GOOD),
        ("basics (1).py", b"# coding: utf-8\n\n# In[1]:\n\nx = 1\n\n# In[ ]:\n\n" + one.GOOD),
        ("Untitled.py", b"# %% [markdown]\n# Hello\n# %%\n" + one.GOOD),
        (
            "double.py",
            b"# In[1]:\nget_ipython().run_line_magic('pylab', '')\n# In[2]:\n" + one.GOOD,
        ),
    ],
)
def test_a_notebook_under_another_name(tmp_path: Path, toy: Course, name: str, data: bytes) -> None:
    taken = one.take(one.lay(tmp_path, {name: data}), toy)
    found = taken.answers["double"]
    assert found.source is not None and one.GOOD.strip() in found.source, found
    assert b"get_ipython" not in found.source and b"x = 1" not in found.source
    assert f"{name} is a notebook saved as a script" in found.note
    assert one.rows(taken)[name][:2] == ("double", "graded")


# -- links ------------------------------------------------------------------------------------


def test_a_class_copied_with_hard_links_is_read(tmp_path: Path, toy: Course) -> None:
    one.lay(tmp_path, {"class/double.py": one.GOOD})
    (tmp_path / "copy").mkdir()
    os.link(tmp_path / "class" / "double.py", tmp_path / "copy" / "double.py")
    assert one.answer(tmp_path / "copy", toy).source == one.GOOD


def test_a_hard_link_that_others_may_have_made_is_not(tmp_path: Path, toy: Course) -> None:
    one.lay(tmp_path, {"secret": one.GOOD, "ann/x": b""})
    os.link(tmp_path / "secret", tmp_path / "ann" / "double.py")
    (tmp_path / "ann").chmod(0o777)
    found = one.answer(tmp_path / "ann", toy)
    assert found.source is None and "hard link to another person's file" in found.message
