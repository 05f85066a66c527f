"""``kata submit``: a zip that ``autograde grade`` takes, checked first as it will be there."""

from __future__ import annotations

import os
import re
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.ingest.contents.answer import Answer
from autograder.ingest.contents.carried import Beside
from autograder.judging.session import Cancelled, JudgeSession
from autograder.judging.settings import JudgeSettings
from autograder.kata import help_had
from autograder.kata.checking import check_source, remember, stub_of
from autograder.kata.lines import Line, came_along, of_verdict
from autograder.kata.student_name import NotPacked, name_of
from autograder.kata.terminal import Screen
from autograder.kata.workspace import Workspace, WorkspaceError
from autograder.model import Verdict, Walls
from autograder.outline import Exercise
from autograder.text.numbers import counted


def _file_name(name: str) -> str:
    safe = re.sub(r"[^\w.@+-]+", "_", name).strip("._-")
    if not safe:
        raise NotPacked(f"{name!r} cannot be the name of a file; pass another with --name.")
    return f"{safe}.zip"


def run(workspace: Workspace, out: Path | None, name: str | None, screen: Screen) -> int:
    """Pack, check, write; exit code 0 when all that was packed passed here, else 1.

    Raises :class:`NotPacked` where nothing could be written: no exercise was started, a file is
    unreadable, the disk is full. The zip is written even if checks fail: it is the student's
    to decide.
    """
    who = "" if out and name is None else name_of(workspace, name)
    target = out or Path.cwd() / _file_name(who)
    if target.suffix != ".zip":
        raise NotPacked(f"--out {target} must end in .zip.")
    if not target.parent.is_dir():
        raise NotPacked(f"{target.parent} is not a folder.")
    try:
        # What several answers use is packed once.
        files = list(dict([*_scripts(workspace), *_notebooks(workspace)]).items())
        about = help_had.about(workspace, who)
        files.append((help_had.FILE, help_had.text(about)))
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".kata-") as folder:
            packed = Path(folder, target.name)
            _pack(packed, files)
            answers = _as_instructor(packed, workspace)
            passed = _check(workspace, answers, screen)
            packed.replace(target)
    except WorkspaceError as error:
        raise NotPacked(f"{error} Fix it, or `kata reset` it.") from None
    except OSError as error:
        raise NotPacked(f"{target} was not written: {error.strerror or error}.") from None
    _say(workspace, target, [e for e, _ in answers], passed, screen)
    screen.show(help_had.lines(about))
    return 0 if passed == len(answers) else 1


def _scripts(workspace: Workspace) -> Iterator[tuple[str, bytes]]:
    """The files that were written in, and what lies beside them and comes along."""
    for exercise in workspace.course.exercises:
        if not workspace.is_stub(exercise):
            source = workspace.source(exercise)
            yield f"{exercise.chapter}/{exercise.id}.py", source
            for name, data in workspace.beside(exercise, source).files:
                yield f"{exercise.chapter}/{name}", data


def _notebooks(workspace: Workspace) -> Iterator[tuple[str, bytes]]:
    """Of a class bundle, whose notebooks are submissions too; outputs stay behind."""
    if not workspace.bundle:
        return
    from autograder.ingest.notebooks.reading import NotebookProblem, without_outputs

    for path in sorted((workspace.root / "notebooks").rglob("*.ipynb")):
        if any(part.startswith(".") for part in path.relative_to(workspace.root).parts):
            continue
        try:
            data = without_outputs(path.read_bytes())
        except NotebookProblem as error:
            raise WorkspaceError(f"{workspace.shown(path)} {error}.") from None
        yield f"{path.stem}/{path.name}", data
        for name, inside in _beside_cells(workspace, path, data):
            yield f"{path.stem}/{name}", inside


def _beside_cells(workspace: Workspace, path: Path, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Files that any code cell of a notebook names."""
    from autograder.ingest.notebooks.modules import plain
    from autograder.ingest.notebooks.reading import read

    # What a cell is for is no matter here: which files go with it is decided when it is read back.
    any_ = replace(workspace.course.exercises[0], id="", files=(), needs=())
    for cell in read(data):
        if cell.kind == "code":
            yield from workspace.beside(any_, plain(cell.source).encode(), path).files


def _pack(path: Path, files: Sequence[tuple[str, bytes]]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)


def _as_instructor(path: Path, workspace: Workspace) -> list[tuple[Exercise, Answer]]:
    """The answers in the zip, read back with the very code that grading reads it with."""
    from autograder.ingest.submissions import collect
    from autograder.stubs import is_untouched

    course = workspace.course
    (submission,) = collect(path, course, course.exercises)
    answers = []
    for exercise in course.exercises:
        answer = submission.answers[exercise.id]
        if answer.verdict is Verdict.REJECTED:
            raise NotPacked(f"{exercise.id} would not be accepted: {answer.message}")
        if answer.source is None:
            continue
        if not is_untouched(answer.source, stub_of(workspace, exercise)):
            answers.append((exercise, answer))
    if not answers:
        raise NotPacked("nothing to submit: every exercise is still its stub.")
    return answers


def _check(workspace: Workspace, answers: Sequence[tuple[Exercise, Answer]], screen: Screen) -> int:
    """Check what was packed, behind walls where this machine has them; how many passed."""
    from autograder.sandbox import bubblewrap

    settings = JudgeSettings(
        workspace.course.root, walls=Walls.NONE if bubblewrap.probe() else Walls.NAMESPACES
    )
    session = JudgeSession(workspace.course, settings)
    session.warm(answers[0][0])
    passed = 0
    try:
        for exercise, answer in answers:
            where = workspace.shown(workspace.path(exercise))
            stub = stub_of(workspace, exercise)
            assert answer.source is not None
            beside = Beside(answer.files)
            with screen.during(f"Checking {exercise.id} …"):
                run = check_source(session, exercise, answer.source, where, stub, beside)
            checked = remember(workspace, run)
            right, ran = checked.counts
            passed += checked.passed
            counts = f"{exercise.id}: {right} of {ran} {'public ' if checked.hidden else ''}checks"
            if checked.passed and checked.hidden:
                screen.show([Line("so far", counts, "passed so far", by_mark=True)])
            else:
                verdict = Verdict.PASSED if checked.passed else Verdict.FAILED
                screen.show([of_verdict(verdict, counts)])
            screen.show(came_along(beside))
            if answer.note:
                screen.show([Line("bad", answer.note, "note")])
    except (KeyboardInterrupt, Cancelled):
        raise NotPacked("stopped; nothing was written.") from None
    finally:
        session.close()
    return passed


def _say(
    workspace: Workspace, target: Path, started: Sequence[Exercise], passed: int, screen: Screen
) -> None:
    shown = os.path.relpath(target)
    count = counted(len(started), "exercise")
    lines = [Line("summary", f"{shown} is packed: {count}, {passed} passed here.")]
    hidden = sum(e.hidden_checks for e in started)
    if hidden:
        lines.append(Line("summary", f"{counted(hidden, 'hidden check')} will run at grading."))
    else:
        words = "Grading runs the same checks as here, on other inputs."
        lines.append(Line("quiet", words))
    missing = len(workspace.course.exercises) - len(started)
    if missing:
        left = f"Not included, because not started: {counted(missing, 'exercise')}."
        lines.append(Line("quiet", left))
    lines.append(Line("quiet", "Hand the zip in as your instructor says."))
    if passed < len(started):
        lines.append(Line("next", "kata check --all   says what is missing"))
    screen.show(lines)
