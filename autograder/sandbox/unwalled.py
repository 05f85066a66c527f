"""Workers on a machine whose user runs their own code: forked where that works, else spawned."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.sandbox.protocols import WorkerSource

MODE_VARIABLE = "KATA_WORKERS"
"""Set to ``spawn`` to use fresh interpreters where fork would do, to ``fork`` for the reverse."""


def mode() -> str:
    """``fork`` or ``spawn``: how workers are made on this machine."""
    asked = os.environ.get(MODE_VARIABLE, "")
    if asked in ("fork", "spawn"):
        return asked
    return "fork" if sys.platform == "linux" else "spawn"


def source(profile: str) -> WorkerSource:
    """A source of workers without walls, which makes some before they are asked for."""
    if mode() == "spawn":
        from autograder.sandbox.spawned import SpawnedZygote

        return SpawnedZygote(profile)
    from autograder.model import Walls
    from autograder.sandbox.zygote import Zygote

    return Zygote(profile, walls=Walls.NONE, ahead=True)
