"""One family of errors for people, and how the program shows it."""

from __future__ import annotations

import ast
import builtins
import os
import pickle
import pty
import subprocess
import sys
from pathlib import Path

import pytest

import autograder
from autograder.commands.grade import SOURCES
from autograder.errors import KataError, file_errors
from autograder.ingest.layouts import CHOICES
from autograder.text.atomic import LinkInTheWay

NOT_FOR_PEOPLE = {
    "ArchiveProblem": "completes a sentence: 'this archive …'",
    "Cancelled": "ends a check that nobody waits for",
    "CheckFailed": "the verdict of a check",
    "Deferred": "the verdict of a check",
    "JudgeDied": "becomes a result; holds the end of a log",
    "JudgeSilent": "becomes a result",
    "Malformed": "becomes a verdict",
    "NotClosed": "for who writes a grader, in a traceback",
    "NotEnded": "becomes a fault of the sandbox",
    "NotLaunched": "becomes a result; holds the end of a log",
    "NotProvided": "becomes a grader fault",
    "NotRegular": "completes a sentence: 'this file …'",
    "NotStopped": "is answered by another way to stop",
    "NotTaken": "completes a sentence: 'this submission was not taken: …'",
    "NotebookProblem": "completes a sentence: 'this notebook …'",
    "Outcome": "the verdict of a check",
    "ReferenceFault": "becomes a grader fault",
    "Refused": "completes a sentence: 'this archive …'",
    "SandboxFault": "becomes a grader fault",
    "TakenWithoutEnd": "stops a submission that takes without end, within its worker",
    "TooMuchWork": "becomes a grader fault",
    "Unreadable": "completes a sentence: 'it cannot be read: …'",
    "WorkerEnded": "becomes a verdict",
    "WorkerEnding": "sends a job of a cluster to another worker",
}


PACKAGE = Path(autograder.__file__).parent


def _bases() -> dict[str, list[str]]:
    """Every public class of the package, by its name, and the names of its bases."""
    classes = {}
    for path in PACKAGE.rglob("*.py"):
        if path.relative_to(PACKAGE).parts[0] in ("graders", "_course"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                classes[node.name] = [ast.unparse(base) for base in node.bases]
    return classes


def _reaches(name: str, wanted: type[BaseException], classes: dict[str, list[str]]) -> bool:
    kind = getattr(builtins, name, None)
    if name == wanted.__name__ or (isinstance(kind, type) and issubclass(kind, wanted)):
        return True
    return any(_reaches(base, wanted, classes) for base in classes.get(name, ()))


def test_an_error_is_of_the_family_or_it_is_said_why_not() -> None:
    classes = _bases()
    errors = {name for name in classes if _reaches(name, BaseException, classes)}
    outside = {name for name in errors if not _reaches(name, KataError, classes)}
    assert outside == set(NOT_FOR_PEOPLE)


@pytest.mark.parametrize("code", [None, 1])
def test_an_error_keeps_its_exit_code(code: int | None) -> None:
    error = pickle.loads(pickle.dumps(KataError("it is empty", exit_code=code)))
    assert (str(error), error.exit_code) == ("it is empty", code or 2)


def test_a_link_in_the_way_is_an_error_of_both_kinds(tmp_path: Path) -> None:
    def write() -> None:
        raise LinkInTheWay(tmp_path)

    words = "is a symbolic link, and nothing is written through one"
    with pytest.raises(KataError) as caught:
        write()
    assert str(caught.value) == f"{tmp_path} {words}"
    with pytest.raises(KataError) as caught, file_errors("cannot be written", Path("out")):
        write()
    assert str(caught.value) == f"{tmp_path} cannot be written: {words}"


def test_an_error_of_the_system_names_a_file() -> None:
    error = OSError("disk full")
    with pytest.raises(KataError) as caught, file_errors("cannot be written", Path("out")):
        raise error
    assert str(caught.value) == "out cannot be written: disk full"


PROGRAM = """
from autograder.command_line import program
from autograder.errors import KataError
program.environment.restart = lambda module: None
def app(prog_name):
    raise KataError("file.py, line 3: " + "too many words " * 12, exit_code={code})
program.run("prog", "no.module", lambda: app, 7, True, wrapped={wrapped})
"""


def test_a_program_prints_its_name_and_the_message() -> None:
    code = PROGRAM.format(code=4, wrapped=True)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr == "prog: file.py, line 3: " + "too many words " * 12 + "\n"


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_terminal_breaks_no_word(wrapped: bool) -> None:
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(code=2, wrapped=wrapped)],
        stderr=theirs,
        env={**os.environ, "COLUMNS": "50"},
        check=False,
    )
    os.close(theirs)
    lines = os.read(ours, 10_000).decode().splitlines()
    os.close(ours)
    assert done.returncode == 2 and len(lines) == (5 if wrapped else 1)
    assert all(len(line) <= 50 for line in lines) or not wrapped


def test_help_names_every_source() -> None:
    assert SOURCES.split(", ") == list(CHOICES)
