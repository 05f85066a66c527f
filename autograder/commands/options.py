"""Options and openings that several commands share.

Bodies import what they need, here and in the commands: a start must cost nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from autograder.errors import KataError

if TYPE_CHECKING:
    from rich.console import Console

    from autograder.model import Walls
    from autograder.outline import Course, Exercise

CourseOption = Annotated[
    Path | None,
    typer.Option("--course", help="Use this course folder (default: the bundled course)."),
]
ExerciseIds = Annotated[
    list[str] | None,
    typer.Argument(metavar="ID", help="Exercises or chapters: ids or numbers (default: all)."),
]
UnsafeOption = Annotated[
    bool,
    typer.Option(
        "--unsafe-no-sandbox", help="Run without the sandbox (unsafe; reports will say so)."
    ),
]
WallsOption = Annotated[
    str | None,
    typer.Option(
        "--walls",
        metavar="KIND",
        help="Run submissions behind these walls: namespaces or container (default: $KATA_WALLS, "
        "or namespaces).",
    ),
]
NetworkOption = Annotated[
    bool,
    typer.Option(
        "--allow-network",
        help="With --walls container: accept that submissions reach the container's network.",
    ),
]

TlsOption = Annotated[
    Path | None,
    typer.Option(
        "--tls",
        metavar="FOLDER",
        help="Encrypt with ca.pem, cert.pem and key.pem of this folder (tls://host:8786).",
    ),
]


def as_text(option: str, value: str | None) -> None:
    """Exit 2 where an option's value is empty, or bytes that are no text."""
    if value is None:
        return
    if not value.strip():
        raise KataError(f"{option} is empty")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise KataError(f"{option} is not UTF-8 text") from None


def open_course(path: Path | None) -> Course:
    """The course, or exit 2 with what is wrong with it."""
    from autograder import outline

    return outline.load(path)


def pick(course: Course, ids: list[str], option: str = "ID") -> list[Exercise]:
    """The named exercises, or all of them; exit 2 for an unknown name or a list without names.

    Comma lists are allowed, and a chapter stands for its exercises.
    """
    from autograder.command_line import exercise_names

    names = [name.strip() for item in ids for name in item.split(",") if name.strip()]
    if ids and not names:
        raise KataError(f"{option} names no exercise or chapter")
    for name in names:
        chapter = exercise_names.chapter_or_none(course, name)
        if chapter is not None and not chapter.exercises:
            raise KataError(f"chapter {name} has no exercises")
    try:
        return exercise_names.several(course, names) or list(course.exercises)
    except exercise_names.Unknown as error:
        raise exercise_names.Unknown(f"{error} (The course is {course.root}.)") from None


def need_packages(exercises: Iterable[Exercise]) -> None:
    """Exit 2 where a package that one of the exercises needs is not installed."""
    from autograder import packages

    words = packages.missing(exercises)
    if words:
        raise KataError(words)


def need_dask() -> None:
    """Exit 2 with the fix where the cluster extra is not installed."""
    import importlib.util

    if importlib.util.find_spec("distributed") is None:
        raise KataError("Dask is not installed; pip install 'kata-autograder[cluster]'")


def walls_asked(unsafe: bool, name: str | None, network: bool) -> Walls:
    """The walls that options name; exit 2 for options that do not go together."""
    from autograder.model import Walls
    from autograder.sandbox import tiers

    if unsafe:
        for option, given in (("--walls", name is not None), ("--allow-network", network)):
            if given:
                raise KataError(f"{option} and --unsafe-no-sandbox exclude each other")
        return Walls.NONE
    return tiers.asked(name, network)


def need_tls(walls: Walls, tls: Path | None) -> None:
    """Exit 2 where submissions could talk to Dask: it runs what anyone sends who can connect."""
    if walls.container and tls is None:
        raise KataError(
            "with --walls container submissions share a network with Dask, which runs what anyone "
            "sends it: encrypt with --tls FOLDER (docs/cluster.md), or use --walls namespaces"
        )


def walls_or_exit(unsafe: bool, name: str | None, network: bool) -> Walls:
    """The same, where this machine can build them; otherwise exit 2 with the fix."""
    from autograder.sandbox import bubblewrap, tiers

    try:
        walls = tiers.built(walls_asked(unsafe, name, network))
    except bubblewrap.SandboxUnavailable as error:
        raise bubblewrap.SandboxUnavailable(
            f"{error}\n  Or pass --unsafe-no-sandbox to run submissions unprotected."
        ) from None
    if walls.container:
        from autograder.sandbox.concealing import conceal

        conceal()
    return walls


def say_walls(console: Console, walls: Walls) -> None:
    """Say where submissions run with less around them than usual."""
    from autograder.model import Walls

    if not walls:
        console.print("[bold red]No sandbox:[/] submissions run unprotected, and reports say so.")
    if walls is Walls.CONTAINER_NETWORK:
        console.print(
            "[bold yellow]Network:[/] submissions reach what this container reaches, as accepted, "
            "and reports say so."
        )
