"""For deployments that start `dask worker` themselves: ``dask worker --preload
autograder.cluster.preload`` is a worker of ours, with a slot per thread.

``KATA_COURSE`` names the course folder where it is not the bundled one, ``KATA_WALLS`` the walls;
``KATA_ALLOW_NETWORK=1`` accepts that submissions in a container reach its network.
"""

from __future__ import annotations

import os
from pathlib import Path

from distributed import Worker

from autograder import outline
from autograder.cluster.facts import facts_of
from autograder.cluster.slots import PLUGIN, Setup, Slots
from autograder.sandbox import bubblewrap, tiers


async def dask_setup(worker: Worker) -> None:
    """Called by Dask before the worker registers; a worker without walls does not start."""
    walls = tiers.built(tiers.asked(None, bool(os.environ.get("KATA_ALLOW_NETWORK"))))
    if walls.container and not worker.scheduler.address.startswith("tls://"):
        raise bubblewrap.SandboxUnavailable(
            "in a container submissions can connect to Dask, which runs what anyone sends it: "
            "start scheduler and workers with TLS"
        )
    folder = os.environ.get("KATA_COURSE")
    course = outline.load(Path(folder) if folder else None)
    facts = facts_of(course, (), walls=walls, slots=worker.state.nthreads)
    await worker.plugin_add(Slots(Setup(course.root, facts)), name=PLUGIN, catch_errors=False)
