"""The part of `autograde grade` that is about a cluster: from options to an open connection."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from autograder.cluster.cluster import Cluster
from autograder.cluster.facts import facts_of
from autograder.cluster.link import Link
from autograder.cluster.tls import tls_of
from autograder.grading.run import Options
from autograder.outline import Course


@contextlib.contextmanager
def connected(
    scheduler: str, tls: Path | None, course: Course, options: Options, say: Callable[[str], None]
) -> Iterator[Cluster]:
    """A cluster that is connected to for as long as the block lasts."""
    ours = facts_of(course, options.graders, walls=options.walls)
    keys = tls_of(tls, scheduler)
    with Link(scheduler, ours, say, mixed=options.mixed, tls=keys) as link:
        yield Cluster(link)
