"""`autograde release`: what students get, and what grades them elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.commands.build import FOLDER, ChapterOption, chapters_of, need_nbgrader
from autograder.commands.options import CourseOption, open_course, pick
from autograder.errors import KataError, file_errors

if TYPE_CHECKING:
    from autograder.outline import Course, Exercise


def release(
    out: Annotated[
        Path,
        typer.Argument(metavar="OUT", help="Folder for the student bundle (--gradescope: a zip)."),
    ],
    root: Annotated[Path, typer.Option(help="Use this nbgrader course folder.")] = FOLDER,
    chapter: ChapterOption = None,
    db: Annotated[str | None, typer.Option(help="Use this gradebook (an SQLAlchemy URL).")] = None,
    course: CourseOption = None,
    solutions: Annotated[
        bool,
        typer.Option(
            "--solutions",
            help="Write the solutions instead, for after the deadline: students unpack them over "
            "their class folder.",
        ),
    ] = False,
    bugs: Annotated[
        bool, typer.Option("--bugs/--no-bugs", help="With --solutions: release the bugs, too.")
    ] = True,
    wheel: Annotated[
        bool, typer.Option("--wheel/--no-wheel", help="Put kata-student into the bundle.")
    ] = True,
    offline: Annotated[
        bool,
        typer.Option(
            "--offline",
            help="Also put in what kata-student needs, for students with this Python and system "
            "and no network (about 30 MB; downloaded with pip).",
        ),
    ] = False,
    gradescope: Annotated[
        bool,
        typer.Option(
            "--gradescope",
            help="Write an autograder for Gradescope instead: OUT is a zip for you to upload.",
        ),
    ] = False,
    github: Annotated[
        bool,
        typer.Option(
            "--github", help="Write a private repository instead that grades with GitHub Actions."
        ),
    ] = False,
    only: Annotated[
        list[str] | None,
        typer.Option(
            help="With --gradescope or --github: only these exercises or chapters (ids: a,b or "
            "repeated)."
        ),
    ] = None,
    graders: Annotated[
        list[Path] | None,
        typer.Option(help="With --gradescope or --github: add the private graders in this folder."),
    ] = None,
) -> None:
    """Build, run nbgrader's generate_assignment, and write the bundle for students.

    The bundle has the public checks, and a wheel of kata without solutions and hidden checks. What
    --gradescope and --github write has the hidden checks and the solutions: it is for instructors.
    """
    from autograder.text.numbers import counted

    kinds = {"--solutions": solutions, "--gradescope": gradescope, "--github": github}
    asked = [name for name, given in kinds.items() if given]
    if len(asked) > 1:
        raise KataError(f"{asked[0]} and {asked[1]} exclude each other: release twice")
    places = gradescope or github
    for name, words in (("--only", only), ("--graders", graders)):
        if words and not places:
            raise KataError(f"{name} needs --gradescope or --github; for students, --chapter")
    loaded = open_course(course)
    chapters = chapters_of(loaded, chapter)
    if places:
        exercises = _chosen(loaded, chapter, only)
        (_for_gradescope if gradescope else _for_github)(loaded, exercises, out, graders or ())
        return
    if solutions:
        from autograder.authoring import solutions_release

        with file_errors("cannot be written", out):
            files = solutions_release.write(loaded, chapters, out, bugs=bugs)
        print(
            f"{out}: {counted(len(files), 'file')} for students to unpack over their class folder"
        )
        return
    need_nbgrader()
    from autograder.authoring import class_bundle, nbgrader_folder

    with file_errors("cannot be written", out):
        class_bundle.check(out)
        nbgrader_folder.build(loaded, root, chapters)
        with nbgrader_folder.opened(root, db) as nbgrader:
            nbgrader_folder.generate(nbgrader, chapters)
        files = class_bundle.write(loaded, chapters, root, out, wheel=wheel)
        if wheel and offline:
            files += student_wheel_needs(out)
    number = sum(len(c.exercises) for c in chapters)
    what = f"{counted(len(chapters), 'chapter')} with {counted(number, 'exercise')}"
    print(f"released {what} in {root}/release")
    print(f"{out}: {counted(len(files), 'file')} for students")


def student_wheel_needs(out: Path) -> list[Path]:
    """Download what the wheel in a bundle needs beside it; exit 2 where that fails."""
    import subprocess
    import sys

    from autograder.authoring import student_wheel

    folder = out / student_wheel.FOLDER
    before = set(folder.iterdir())
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--dest", str(folder)]
    done = subprocess.run(
        [*pip, str(folder / student_wheel.file_name())], capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        raise KataError(
            f"the bundle is in {out}, but what kata-student needs was not downloaded: {last}\n"
            "  Try again with a network, or release without --offline."
        )
    return sorted(set(folder.iterdir()) - before)


def _chosen(course: Course, chapters: list[str] | None, only: list[str] | None) -> list[Exercise]:
    """The exercises that --chapter and --only name together; all without either."""
    if only is None:
        return [e for chapter in chapters_of(course, chapters) for e in chapter.exercises]
    named = {e.id for e in pick(course, only, "--only")}
    if chapters:
        named |= {e.id for chapter in chapters_of(course, chapters) for e in chapter.exercises}
    return [e for e in course.exercises if e.id in named]


def _for_gradescope(
    course: Course, exercises: Sequence[Exercise], out: Path, graders: Sequence[Path]
) -> None:
    """Write the autograder; exit 2 where it cannot be made or ``out`` is not to be replaced."""
    import zipfile

    from autograder.authoring import gradescope_zip
    from autograder.grading import private_graders
    from autograder.text.numbers import counted, points

    if out.suffix.lower() != ".zip":
        raise KataError(f"{out} is not the name of a zip: Gradescope takes a .zip")
    if out.exists():
        ours = zipfile.is_zipfile(out) and "run_autograder" in zipfile.ZipFile(out).namelist()
        if not ours:
            raise KataError(f"{out} is not replaced: it is not an autograder. Name a new file")
    private_graders.check(course, exercises, graders, "--graders")
    with file_errors("cannot be written", out):
        data = gradescope_zip.data(course, exercises, graders)
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(data)
    total = points(sum(e.points for e in exercises))
    print(f"{out}: {counted(len(exercises), 'exercise')}, {total} points, {len(data) / 1e6:.1f} MB")
    print("It has hidden checks and solutions. Its README.md says how to upload it.")


def _for_github(
    course: Course, exercises: Sequence[Exercise], out: Path, graders: Sequence[Path]
) -> None:
    """Write the repository; exit 2 where it cannot be made or ``out`` is not to be replaced."""
    from autograder.authoring import github_repository
    from autograder.grading import private_graders
    from autograder.text.numbers import counted

    private_graders.check(course, exercises, graders, "--graders")
    with file_errors("cannot be written", out):
        files = github_repository.write(course, exercises, out, graders)
    print(f"{out}: {counted(len(exercises), 'exercise')}, {counted(len(files), 'file')}")
    print("It has hidden checks and solutions: push it to a private repository (README.md).")
