"""``kata init``: a workspace with stubs, lessons, notebooks and a README."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

from autograder.kata.workspace import FOLDER, MARKER, VERSION, Workspace, WorkspaceError
from autograder.outline import Course

README = """# {title}

This is your workspace. Every command works offline and from any folder inside it.

{commands}

An exercise is one file in `exercises/`. Read what it promises, replace the lines that raise
NotImplementedError, save, and check. You can put modules and data of your own beside it; they are
checked with it. `kata reset` puts a stub back and keeps your version.

The lessons are in `notebooks/`, for JupyterLab or VS Code, with the exercises as cells to fill in
and to check with `%check`; their text is in `lessons/`. Where the cell with
`%load_ext autograder.kata` fails, the notebook's kernel is another Python than that of `kata`:
install JupyterLab beside kata (`pip install jupyterlab`), or select kata's Python as the kernel.
"""

COMMANDS = {
    "": "show where you are and what is next",
    "show {first}": "show what the exercise asks for",
    "open {first}": "open it in your editor (--lab: in JupyterLab)",
    "check {first}": "run its checks",
    "watch {first}": "check again whenever you save",
    "hint {first}": "show a hint; run it again for one more",
    "solution {first}": "show the reference beside your own, once you have passed",
}


@dataclass(frozen=True, slots=True)
class Initialised:
    """What init did: how many stubs are new, and whether the workspace was there before."""

    workspace: Workspace
    new: int
    before: bool


def around(here: Path) -> Path | None:
    """The workspace or class bundle that ``here`` lies in; a damaged one, too."""
    for folder in (here, *here.parents):
        bundle = (folder / "outline.toml").is_file() and (folder / "exercises").is_dir()
        if bundle or (folder / FOLDER / MARKER).is_file():
            return folder
    return None


def course_of(root: Path) -> str:
    """The course that a workspace was made from, if not the bundled one; else nothing."""
    try:
        return str(json.loads((root / FOLDER / MARKER).read_text(encoding="utf-8"))["course"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def init(root: Path, course: Course, course_path: str = "") -> Initialised:
    """Make ``root`` a workspace of ``course``, or add what a newer course has to one.

    No file of the student's is ever replaced. ``course_path`` is remembered where the course
    is not the bundled one. Raises :class:`WorkspaceError` where it cannot be written.
    """
    if (root / "outline.toml").is_file() and (root / "exercises").is_dir():
        raise WorkspaceError(f"{root} is a class bundle: it is a workspace already.")
    if (root / "course" / "outline.toml").is_file() and (root / "solutions").is_dir():
        raise WorkspaceError(f"{root} is the course itself; choose another folder.")
    if root.is_file():
        raise WorkspaceError(f"{root} is a file; name a folder.")
    marker = root / FOLDER / MARKER
    before = marker.exists()
    workspace = Workspace(root, course)
    try:
        new = _fill(workspace)
        marker.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"version": VERSION, "course": course_path})
        marker.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise WorkspaceError(
            f"{root} cannot be made a workspace: {error.strerror or error}. "
            "What was written so far is kept; run the same command again to continue."
        ) from None
    return Initialised(workspace, new, before)


def _fill(workspace: Workspace) -> int:
    root, course = workspace.root, workspace.course
    root.mkdir(parents=True, exist_ok=True)
    new = 0
    for exercise in course.exercises:
        stub, path = course.stub(exercise), workspace.path(exercise)
        if not stub.is_file():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        given = workspace.pristine(exercise)
        # A stub that is what was given, to the byte, may give way to that of a newer course. Not
        # `is_untouched`: notes in comments are the student's.
        untouched = given.is_file() and path.is_file() and path.read_bytes() == given.read_bytes()
        new += not path.exists()
        if untouched or not path.exists():
            shutil.copyfile(stub, path)
        given.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(stub, given)
        workspace.bring(exercise)
    for chapter in course.chapters:
        lesson = course.lesson(chapter.id)
        if lesson.is_file():
            _copy_new(lesson, root / "lessons" / lesson.name)
    from autograder.kata import notebooks

    for name, text in notebooks.notebooks(course):
        path = root / "notebooks" / name
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    readme = root / "README.md"
    if not readme.exists():
        readme.write_text(_readme(course), encoding="utf-8")
    return new


def _readme(course: Course) -> str:
    first = course.exercises[0].id
    typed = {f"kata {c.format(first=first)}".strip(): said for c, said in COMMANDS.items()}
    wide = max(map(len, typed))
    commands = "\n".join(f"    {command:{wide}}   {said}" for command, said in typed.items())
    return README.format(title=course.title, commands=commands)


def _copy_new(source: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    if not target.exists():
        shutil.copyfile(source, target)
