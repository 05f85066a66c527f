"""What the machine does not let us read is nobody's 0, and says nothing of where it lies."""

from __future__ import annotations

import errno
import os
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from autograder.ingest.contents import taking
from autograder.ingest.contents.answer import Answer
from autograder.ingest.readers import FAULT, Request, server
from autograder.ingest.readers.protocol import unpacked
from autograder.model import Verdict
from autograder.outline import Course

GOOD = b"def double(x):\n    return 2 * x\n"
NUMBERS = [errno.EACCES, errno.EIO, errno.EMFILE, errno.ENOMEM]


@pytest.fixture
def ann(tmp_path: Path) -> Path:
    (tmp_path / "ann" / "more").mkdir(parents=True)
    (tmp_path / "ann" / "double.py").write_bytes(GOOD)
    (tmp_path / "ann" / "more" / "stack.py").write_bytes(b"class Stack: pass\n")
    return tmp_path / "ann"


def failing(monkeypatch: pytest.MonkeyPatch, number: int, *names: str) -> None:
    """Make what has one of these names unreadable, for root as well."""

    def made(original: Any) -> Any:
        def fails(path: Any, *arguments: Any) -> Any:
            if Path(os.fsdecode(path)).name in names:
                raise OSError(number, os.strerror(number), str(path))
            return original(path, *arguments)

        return fails

    for call in (os.open, os.scandir):
        monkeypatch.setattr(os, call.__name__, made(call))


def taken(root: Path, toy: Course) -> dict[str, Answer]:
    return taking.take([(root, PurePosixPath())], toy, toy.exercises).answers


def is_fault(answer: Answer, root: Path, number: int) -> bool:
    said = os.strerror(number) in answer.message and str(root) not in answer.message
    return answer.verdict is Verdict.GRADER_FAULT and answer.source is None and said


@pytest.mark.parametrize("number", NUMBERS)
def test_a_file(ann: Path, toy: Course, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    failing(monkeypatch, number, "double.py")
    found = taken(ann, toy)
    assert is_fault(found["double"], ann, number) and "double.py" in found["double"].message
    assert found["stack"].source and found["primes"].verdict is Verdict.NOT_ATTEMPTED


@pytest.mark.parametrize("number", NUMBERS)
def test_a_folder_in_it_is_left_out(
    ann: Path, toy: Course, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    failing(monkeypatch, number, "more")
    found = taken(ann, toy)
    assert found["double"].source == GOOD
    assert is_fault(found["stack"], ann, number) and "more" in found["stack"].message


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("task", ["folder", "zipped"])
def test_all_of_it(
    ann: Path, toy: Course, monkeypatch: pytest.MonkeyPatch, number: int, task: str
) -> None:
    path = ann
    if task == "zipped":
        path = ann.with_suffix(".zip")
        with zipfile.ZipFile(path, "w") as archive:
            archive.write(ann / "double.py", "double.py")
    failing(monkeypatch, number, path.name)
    reply = server.answer(Request(task, (str(path), toy, toy.exercises)))
    assert unpacked(reply) == [None, os.strerror(number), FAULT]


def test_a_notebook_or_a_copy(ann: Path, toy: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    (ann / "basics.ipynb").write_text("{}")
    (ann / "double (1).py").write_bytes(GOOD)
    failing(monkeypatch, errno.EACCES, "basics.ipynb", "double (1).py")
    found = taken(ann, toy)
    assert found["double"].source == GOOD  # neither is needed for it
    assert is_fault(found["primes"], ann, errno.EACCES)
