"""`autograde build` and `autograde release`: what is made of lessons."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from autograder.command_line.plain_help import Command, Group
from autograder.commands.options import CourseOption, open_course
from autograder.errors import KataError, file_errors

if TYPE_CHECKING:
    from autograder.outline import Chapter, Course

FOLDER = Path("nbgrader")
SITE = Path("build/site")
ChapterOption = Annotated[
    list[str] | None, typer.Option("--chapter", help="Only these chapters, by id (default: all).")
]


def chapters_of(course: Course, ids: list[str] | None) -> tuple[Chapter, ...]:
    """The named chapters that have exercises; exit 2 for an unknown name."""
    known = {c.id: c for c in course.chapters if c.exercises}
    wanted = [part.strip() for id in ids or [] for part in id.split(",") if part.strip()]
    if ids and not wanted:
        raise KataError("--chapter names no chapter")
    from autograder.command_line import exercise_names

    for number, id in enumerate(wanted):
        meant = exercise_names.chapter_or_none(course, id)
        wanted[number] = id = meant.id if meant is not None else id
        if id not in known:
            raise KataError(
                f"no chapter with exercises is called {id!r}; the chapters are {', '.join(known)}"
            )
    return tuple(known[id] for id in wanted) or tuple(known.values())


def need_nbgrader() -> None:
    """Exit 2 with the fix where the notebook extra is not installed."""
    need("notebook", "nbgrader", "jupytext")


def need(extra: str, *modules: str) -> None:
    """Exit 2 with the fix where a module of an extra is not installed."""
    import importlib.util

    for name in modules:
        if importlib.util.find_spec(name) is None:
            raise KataError(f"{name} is not installed; pip install 'kata-autograder[{extra}]'")


class _Build(Group):
    """`autograde build FOLDER` is `autograde build notebooks FOLDER`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As typer's, with `notebooks` for a first word that is not a command."""
        if not args or args[0] not in (*self.commands, "-h", "--help"):
            args = ["notebooks", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    name="build",
    cls=_Build,
    help="Make notebooks (the default) or a site of the lessons, or record their outputs.",
    pretty_exceptions_enable=False,
)


@app.command(cls=Command)
def notebooks(
    root: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="nbgrader course folder to write.")
    ] = FOLDER,
    chapter: ChapterOption = None,
    course: CourseOption = None,
) -> None:
    """Make an nbgrader course from the lessons: source notebooks and nbgrader_config.py."""
    need_nbgrader()
    from autograder.authoring import nbgrader_folder
    from autograder.text.numbers import counted

    loaded = open_course(course)
    chapters = chapters_of(loaded, chapter)
    try:
        changed = nbgrader_folder.build(loaded, root, chapters)
    except OSError as error:  # it may name a temporary file that the user has never seen
        raise KataError(f"{root} cannot be written: {error.strerror or error}") from None
    for path in changed:
        print(f"wrote {path}")
    verb = "is" if len(chapters) == 1 else "are"
    print(f"{counted(len(chapters), 'chapter')} in {root}/source {verb} up to date")


@app.command(cls=Command)
def site(
    out: Annotated[
        Path, typer.Argument(metavar="OUT", help="Folder for the site: new, or an older site.")
    ] = SITE,
    recorded: Annotated[
        bool, typer.Option("--recorded", help="Run no cell: show the recorded outputs.")
    ] = False,
    cache: Annotated[
        Path | None, typer.Option(help="Keep outputs of cells here (default: OUT.cache).")
    ] = None,
    course: CourseOption = None,
) -> None:
    """Make a static site: lessons with their outputs, exercises, guides, API."""
    need("site", "sphinx", "myst_nb", "furo", "sphinx_copybutton")
    from autograder.authoring.site.build import build

    opened = open_course(course)
    with file_errors("cannot be written", out):
        built = build(opened, out, cache or out.with_name(f"{out.name}.cache"), run=not recorded)
    print(f"{out}: {built.pages} pages, at most {built.weight / 1000:.0f} kB ({built.heaviest})")


@app.command(cls=Command)
def outputs(chapter: ChapterOption = None, course: CourseOption = None) -> None:
    """Run the lessons and record in them what varies: marked values and pictures."""
    need_nbgrader()
    from autograder.authoring import recording
    from autograder.text.numbers import counted

    opened = open_course(course)
    chapters = chapters_of(opened, chapter)
    with file_errors("cannot be written", opened.root):
        changed = [path for c in chapters for path in recording.record(opened, c)]
    for path in changed:
        print(f"wrote {path}")
    print(f"{counted(len(chapters), 'lesson')} recorded")
