"""`autograde worker`: this machine grades for a Dask scheduler."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograder.commands.options import (
    CourseOption,
    NetworkOption,
    TlsOption,
    UnsafeOption,
    WallsOption,
    as_text,
    need_dask,
    need_packages,
    need_tls,
    open_course,
    walls_or_exit,
)


def worker(
    scheduler: Annotated[
        str, typer.Option(metavar="URL", help="Work for this Dask scheduler: tcp://host:8786.")
    ],
    slots: Annotated[
        int | None,
        typer.Option(
            min=1, help="How many submissions to grade at once (default: a few per core)."
        ),
    ] = None,
    graders: Annotated[
        list[Path] | None,
        typer.Option(help="Add the private graders in this folder, as `autograde grade` does."),
    ] = None,
    name: Annotated[str | None, typer.Option(help="Name of this worker in messages.")] = None,
    host: Annotated[
        str | None, typer.Option(help="Address of this machine that the others can reach.")
    ] = None,
    nanny: Annotated[
        bool, typer.Option(help="Start the worker again when it is killed (Dask's nanny).")
    ] = True,
    dashboard: Annotated[
        bool, typer.Option("--dashboard", help="Serve Dask's page about this worker (needs bokeh).")
    ] = False,
    tls: TlsOption = None,
    course: CourseOption = None,
    walls: WallsOption = None,
    network: NetworkOption = False,
    unsafe: UnsafeOption = False,
) -> None:
    """Grade for a Dask scheduler, until ctrl-C: one warm judge per slot.

    The worker takes jobs of coordinators (`autograde grade --scheduler`) that have the same
    engine, graders, Python, torch and NumPy.
    """
    need_dask()
    as_text("--scheduler", scheduler)
    as_text("--name", name)
    from autograder.cluster import worker as worker_
    from autograder.cluster.facts import facts_of
    from autograder.cluster.slots import Setup
    from autograder.cluster.tls import tls_of
    from autograder.grading import private_graders
    from autograder.grading.fleet import default_judges

    opened = open_course(course)
    folders = tuple(folder.resolve() for folder in graders or ())
    private_graders.check(opened, opened.exercises, folders, "--graders")
    need_packages(opened.exercises)
    behind = walls_or_exit(unsafe, walls, network)
    need_tls(behind, tls)
    keys = tls_of(tls, scheduler)
    facts = facts_of(opened, folders, walls=behind, slots=slots or default_judges())
    hidden = (keys.folder.resolve(),) if keys is not None else ()
    setup = Setup(opened.root, facts, folders, hidden)
    place = worker_.Place(scheduler, name, host, keys, nanny, dashboard)
    worker_.run(place, setup, lambda words: print(words, flush=True))
