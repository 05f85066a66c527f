"""For deployments that start `dask worker` themselves: ``dask worker --preload
autograder.cluster.preload`` is a worker of ours, with a slot per thread.

``KATA_COURSE`` names the course folder where it is not the bundled one.
"""

from __future__ import annotations

import os
from pathlib import Path

from distributed import Worker

from autograder import outline
from autograder.cluster.facts import facts_of
from autograder.cluster.slots import PLUGIN, Setup, Slots
from autograder.sandbox import bubblewrap


async def dask_setup(worker: Worker) -> None:
    """Called by Dask before the worker registers; a worker without walls does not start."""
    reason = bubblewrap.probe()
    if reason:
        raise bubblewrap.SandboxUnavailable(f"no sandbox: {reason}; see `autograde doctor`")
    folder = os.environ.get("KATA_COURSE")
    course = outline.load(Path(folder) if folder else None)
    facts = facts_of(course, (), walls=True, slots=worker.state.nthreads)
    await worker.plugin_add(Slots(Setup(course.root, facts)), name=PLUGIN, catch_errors=False)
