"""Checkpoints: a training run may be killed at any moment, and goes on as if it had not been."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch


class Checkpoints:
    """The checkpoints of one training run, in ``folder``.

    A missing ``folder`` is made, with its parents. All state lies in it: another ``Checkpoints``
    of the same folder, in another process, knows the same checkpoints. A checkpoint is one file;
    ``latest`` and ``best`` return the path that ``save`` returned, not the path of a copy.
    Checkpoints are ordered by step, an int from 0 on. The times of the files mean nothing: a copy
    of the folder has others. Files of another kind, such as a ``notes.txt``, are left alone;
    what looks like the rest of a killed save may be deleted.

    Raises ``ValueError`` at construction if ``keep`` is below 1.

    >>> import tempfile
    >>> model = torch.nn.Linear(2, 1)
    >>> optimizer = torch.optim.Adam(model.parameters())
    >>> checkpoints = Checkpoints(tempfile.mkdtemp(), keep=2)
    >>> checkpoints.latest() is None
    True
    >>> for step, loss in [(100, 0.9), (200, 0.2), (300, 0.5), (400, 0.4)]:
    ...     path = checkpoints.save(step, model, optimizer, metrics={"loss": loss})
    >>> checkpoints.latest() == path
    True
    >>> checkpoints.restore(checkpoints.best("loss"), model, optimizer)
    200
    """

    def __init__(self, folder: str | os.PathLike[str], keep: int = 3) -> None:
        raise NotImplementedError("checkpoints: write your solution here")

    def save(
        self,
        step: int,
        model: torch.nn.Module,
        optimizer: torch.optim.Optimizer,
        scheduler: torch.optim.lr_scheduler.LRScheduler | None = None,
        metrics: Mapping[str, Any] | None = None,
    ) -> Path:
        """Write a checkpoint, one file in the folder, and return its path.

        It holds the state of the model, of the optimiser, of the scheduler if there is one, and
        of the random generators of ``random``, NumPy (``np.random``) and torch (those of GPUs,
        too). Saving changes none of them.

        ``metrics`` are ints and floats by name, Python's or NumPy's (``np.float32(0.5)``). They may
        be compared as floats. Whatever they are, ``torch.load(path, weights_only=True)`` loads the
        file. Checkpoints may have different metrics. A NaN counts as if that metric were missing.

        Once the file is written, ``save`` deletes other checkpoints. Those of later steps go: the
        run went back, and the new checkpoint is ``latest()``. Of the rest, the last ``keep``
        stay, and for each metric one with the smallest and one with the largest value.

        The process may be killed at any moment of ``save``. Afterwards the earlier checkpoints are
        usable (``latest()`` is the one before, the new one, or one of the later steps that were to
        go), and saving goes on, also with the same step. A step that was saved before may be saved
        again: the new checkpoint replaces the old one, and until it does, the old one is there.
        """
        raise NotImplementedError("checkpoints: write your solution here")

    def latest(self) -> Path | None:
        """The checkpoint with the highest step, or None if there are no checkpoints.

        Files that cannot be loaded (cut off, empty, overwritten) are skipped, by ``best``, too.
        """
        raise NotImplementedError("checkpoints: write your solution here")

    def best(self, metric: str, mode: str = "min") -> Path | None:
        """A checkpoint whose ``metric`` is smallest, or largest with ``mode="max"``.

        None if no checkpoint has that metric. Raises ``ValueError`` for any other ``mode``.
        """
        raise NotImplementedError("checkpoints: write your solution here")

    def restore(
        self,
        path: str | os.PathLike[str],
        model: torch.nn.Module,
        optimizer: torch.optim.Optimizer,
        scheduler: torch.optim.lr_scheduler.LRScheduler | None = None,
    ) -> int:
        """Bring everything back to what it was at ``save``, and return the step.

        A run that goes on from here equals the uninterrupted one bit for bit. A scheduler that
        was saved may be left out. The model stays on its device: a checkpoint that was saved on
        a GPU can be restored on a machine without one.

        ``restore``, ``latest`` and ``best`` run nothing that is in a file.
        """
        raise NotImplementedError("checkpoints: write your solution here")
