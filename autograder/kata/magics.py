"""``%check``, ``%hint`` and ``%progress`` for IPython: JupyterLab, VS Code, a terminal. The magics
that show a contract, a lesson or a solution are in ``reading_magics.py``.

The student's text is checked in a worker, never in the kernel, so an endless loop is stopped
by the check and the kernel stays as it was. Workers stay warm between checks.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

from IPython.core.error import UsageError
from IPython.core.magic import cell_magic, line_magic, magics_class

from autograder.judging.session import Cancelled, JudgeSession
from autograder.kata import checking, help_command, lines, overview
from autograder.kata.html import Output
from autograder.kata.lines import Line
from autograder.kata.magic_base import MagicBase, parse
from autograder.kata.progress import ProgressError, Standing
from autograder.kata.reading_magics import ReadingMagics
from autograder.kata.workspace import Workspace, WorkspaceError
from autograder.model import ENDED_PROCESS
from autograder.outline import Course, Exercise
from autograder.stubs import is_untouched


@magics_class
class KataMagics(MagicBase):
    """The magics, and the judge that they share."""

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        self._session: JudgeSession | None = None

    def _ready(self, course: Course) -> JudgeSession:
        if self._session is None or self._session.course.root != course.root:
            self.close()
            self._session = JudgeSession(course)
        return self._session

    def close(self) -> None:
        """End the workers."""
        if self._session is not None:
            self._session.close()
            self._session = None

    # -- the magics ------------------------------------------------------------------------

    @line_magic
    def check(self, line: str) -> Output:
        """%check [ID] [--file] [--save]: check the cell that was run with it, or the file.

        A cell counts if it defines what the exercise asks for; --file takes the file anyway.
        The cell is written to the file, too: in a class only with --save, because there the
        notebook is handed in; elsewhere unless the file was edited. Without ID it is the exercise
        that the newest such cell is about, else the one whose file was saved last.
        """
        asked = parse(line, ("--file", "--save"))
        workspace = self._workspace()
        course = self._course(workspace)
        name = asked.name or ("" if "--file" in asked.flags else self._newest(course))
        exercise = self._exercise(course, name, workspace)
        cell = None if "--file" in asked.flags else self._last_cell(course, exercise)
        if cell is None:
            if workspace is None:
                raise UsageError(
                    f"no cell that was run defines {exercise.id}, and this notebook is "
                    "not in a workspace; put %%check at the top of your cell"
                )
            run = self._guarded(
                lambda session: checking.check_file(session, workspace, exercise), course
            )
            return self._shown(run)
        number, source = cell
        saved = self._save(workspace, exercise, source, asked="--save" in asked.flags)
        checked = self._check_text(workspace, course, exercise, source, f"cell In[{number}]")
        return self._shown(checked, saved)

    @cell_magic("check")  # type: ignore[arg-type]
    def check_cell(self, line: str, cell: str) -> Output:
        """%%check ID [--save]: check this cell, then run it here; it is written to the file as with
        %check."""
        asked = parse(line, ("--save",))
        workspace = self._workspace()
        course = self._course(workspace)
        exercise = self._exercise(course, asked.name, workspace)
        saved = self._save(workspace, exercise, cell, asked="--save" in asked.flags)
        checked = self._check_text(workspace, course, exercise, cell, "this cell")
        if checked is not None and not _dangerous(checked):
            # Defined in the notebook, too, so that it can be played with.
            shell: Any = self.shell
            shell.ex(shell.transform_cell(cell))
        return self._shown(checked, saved)

    @line_magic
    def hint(self, line: str) -> Output:
        """%hint ID: show a hint; run it again for one more."""
        asked = parse(line, ())
        workspace = self._workspace()
        exercise = self._exercise(self._course(workspace), asked.name, workspace)
        if workspace is None:
            rows = [Line("head", f"{exercise.id}: {len(exercise.hints)} hints")]
            rows += [Line("hint", f"{n}. {text}") for n, text in enumerate(exercise.hints[:1], 1)]
            rows.append(Line("quiet", "In a workspace (`kata init`), each call shows one more."))
            return Output(rows)
        return Output(list(help_command.hint_lines(workspace, exercise)))

    @line_magic
    def progress(self, line: str) -> Output:
        """%progress: show your progress."""
        parse(line, ())
        workspace = self._workspace()
        if workspace is None:
            raise UsageError("progress needs a workspace: `kata init` makes one")
        try:
            standings: dict[str, Standing] = workspace.progress.standings()
        except ProgressError as error:
            raise UsageError(str(error)) from None
        return Output(list(overview.home(workspace, standings, plain=False))[:-1])

    # -- checking --------------------------------------------------------------------------

    def _guarded(self, run: Any, course: Course) -> checking.Checked | None:
        session = self._ready(course)
        try:
            checked = run(session)
        except KeyboardInterrupt:
            # The stop button: break off the check, keep the kernel.
            session.cancel()
            return None
        except Cancelled:
            return None
        except RuntimeError as error:
            raise UsageError(f"the check did not run: {error}") from None
        assert isinstance(checked, checking.Checked)
        return checked

    def _check_text(
        self, workspace: Workspace | None, course: Course, exercise: Exercise, text: str, where: str
    ) -> checking.Checked | None:
        stub = checking.stub_of(workspace, exercise) if workspace else b""
        source = text.encode("utf-8", "replace")
        # The kernel runs in the notebook's folder.
        here = workspace or Workspace(Path.cwd().resolve(), course)
        beside = here.beside(exercise, source, Path.cwd().resolve() / "notebook.ipynb")
        checked = self._guarded(
            lambda session: checking.check_source(session, exercise, source, where, stub, beside),
            course,
        )
        if checked is not None and workspace is not None:
            return checking.remember(workspace, checked)
        return checked

    def _shown(self, checked: checking.Checked | None, before: list[Line] | None = None) -> Output:
        if checked is None:
            return Output([Line("open", "before the end.", "stopped")])
        after = lines.coming(checked.following) if checked.passed and checked.remembered else ()
        return Output([*lines.lines(checked, alone=False), *(before or []), *after], checked.passed)

    def _save(
        self, workspace: Workspace | None, exercise: Exercise, cell: str, *, asked: bool
    ) -> list[Line]:
        if workspace is None:
            words = "not saved: this notebook is not in a workspace."
            return [Line("bad", words, "note")] if asked else []
        if workspace.bundle and not asked:
            return []  # the file would become a second answer, and soon another one
        source = (cell if cell.endswith("\n") else f"{cell}\n").encode("utf-8", "replace")
        if not source.strip() or is_untouched(source, checking.stub_of(workspace, exercise)):
            return []  # nothing was written yet, and the file may hold what was
        if not asked and not workspace.is_of_notebook(exercise):
            path = workspace.path(exercise)
            if path.is_file() and path.read_bytes() == source:
                return []
            shown = workspace.shown(path)
            words = f"Not saved: {shown} was edited. `%check {exercise.id} --save` replaces it."
            return [Line("quiet", words)]
        try:
            kept = workspace.save(exercise, source)
        except WorkspaceError as error:
            return [Line("bad", str(error), "note")]
        words = f"Saved to {workspace.shown(workspace.path(exercise))}."
        if kept is not None:
            words += f" The earlier version is in {workspace.shown(kept)}."
        return [Line("quiet", words)]

    def _newest(self, course: Course) -> str:
        """The exercise that the newest cell is about that defines all names of one; or empty."""
        cells: list[str] = self.shell.user_ns.get("In", [])  # type: ignore[union-attr]
        stubs = [(e, course.stub(e)) for e in course.exercises]
        asked = {e.id: _defined(p.read_text(encoding="utf-8")) for e, p in stubs if p.is_file()}
        for cell in reversed(cells[1:]):
            there = _defined(cell)
            for id, names in asked.items():
                if names and names <= there:
                    return id
        return ""

    def _last_cell(self, course: Course, exercise: Exercise) -> tuple[int, str] | None:
        """The newest cell that was run and defines every public name of the exercise."""
        stub = course.stub(exercise)
        wanted = _defined(stub.read_text(encoding="utf-8")) if stub.is_file() else set()
        cells: list[str] = self.shell.user_ns.get("In", [])  # type: ignore[union-attr]
        for number in range(len(cells) - 1, 0, -1):
            if wanted and wanted <= _defined(cells[number]):
                return number, cells[number]
        return None


def _dangerous(checked: checking.Checked) -> bool:
    """Whether running the cell in the kernel could hang it or take it down."""
    return any(c.verdict in ENDED_PROCESS for c in checked.result.checks)


def _defined(source: str) -> set[str]:
    """Public names that a text defines at its top level; of a broken one, what looks like it."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return set(_DEFINITION.findall(source))
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return {n.name for n in body if isinstance(n, kinds) and not n.name.startswith("_")}


_DEFINITION = re.compile(r"^(?:class|def|async def)[ \t]+([A-Za-z]\w*)", re.MULTILINE)
_ATTRIBUTE = "_kata_magics"


def register(shell: Any) -> None:
    """Add the magics to a shell; a second time replaces the first."""
    import atexit

    unregister(shell)
    magics = KataMagics(shell)
    shell.register_magics(magics, ReadingMagics(shell))
    setattr(shell, _ATTRIBUTE, magics)
    atexit.register(magics.close)


def unregister(shell: Any) -> None:
    """End the workers of a shell's magics."""
    magics = getattr(shell, _ATTRIBUTE, None)
    if magics is not None:
        magics.close()
        setattr(shell, _ATTRIBUTE, None)
