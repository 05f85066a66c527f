"""Which walls a run has: what was asked for, and whether this machine can build them."""

from __future__ import annotations

import os
from dataclasses import dataclass

from autograder.errors import KataError
from autograder.model import Walls
from autograder.sandbox import bubblewrap, container, remedy

VARIABLE = "KATA_WALLS"
"""Names the walls where no option does: an image for containers sets it."""

CHOICES = (Walls.NAMESPACES, Walls.CONTAINER)
"""What can be asked for by name."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why walls cannot be built, and how to fix it."""

    reason: str
    fix: str


def asked(name: str | None, network: bool = False) -> Walls:
    """The walls called ``name``, or those of :data:`VARIABLE`, or namespaces.

    ``network`` accepts that the container has a route out. :class:`KataError` for another name,
    and for a network without a container.
    """
    source = "--walls" if name is not None else VARIABLE
    name = name if name is not None else os.environ.get(VARIABLE) or Walls.NAMESPACES
    if name not in CHOICES:
        from autograder.text.clean import one_line

        shown = one_line(name, 60)
        raise KataError(f"{source} must be one of {', '.join(CHOICES)}, not {shown!r}")
    walls = Walls(name)
    if not network:
        return walls
    if not walls.container:
        raise KataError(
            "--allow-network is for --walls container: behind namespaces there is no network"
        )
    return Walls.CONTAINER_NETWORK


def problem(walls: Walls) -> Problem | None:
    """Why such walls cannot be built on this machine; None where they can."""
    if not walls:
        return None
    if walls.container:
        found = container.problem(network=walls is Walls.CONTAINER_NETWORK)
        return Problem(*found) if found else None
    reason = bubblewrap.probe()
    return Problem(reason, remedy.fix(reason)) if reason else None


def built(walls: Walls) -> Walls:
    """The walls that submissions get where ``walls`` were asked for: a container that may have
    a network and has none is as good as one that must not.

    :class:`~.bubblewrap.SandboxUnavailable` with the fix where they cannot be built.
    """
    found = problem(walls)
    if found is not None:
        raise bubblewrap.SandboxUnavailable(
            f"no sandbox: {found.reason}.\n  How to fix it: {found.fix}."
        )
    if walls is Walls.CONTAINER_NETWORK and not container.ways_out():
        return Walls.CONTAINER
    return walls
