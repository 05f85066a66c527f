"""Checkpoints: a training run may be killed at any moment, and goes on as if it had not been."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch


class Checkpoints:
    """The checkpoints of one training run, in ``folder``.

    The folder is made if it does not exist, with its parents. It is all the state there is:
    another ``Checkpoints`` of the same folder, in another process, knows the same checkpoints.
    A checkpoint is the file that ``save`` wrote, and has one path: ``latest`` and ``best`` return
    that path, not the path of a copy.
    Their order is that of their steps; the times of the files mean nothing (a copy of the
    folder has others). Files of other people, a ``notes.txt`` say, are left alone.

    Raises ``ValueError`` if ``keep`` is below 1, at construction.

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
        """Write a checkpoint and return its path, one file in the folder.

        It holds the state of the model, of the optimiser, of the scheduler if there is one, and
        of the random generators of ``random``, NumPy (``np.random``) and torch (those of the
        GPUs, too). Saving changes none of them.

        ``metrics`` are numbers by name, Python's or NumPy's (``np.float32(0.5)``). Whatever they
        are, ``torch.load(path, weights_only=True)`` loads the file.

        Then those that are no longer wanted are deleted: what stays is the last ``keep``, and for
        each metric the checkpoint with the smallest and the one with the largest value of all that
        were ever saved. Not every checkpoint needs to have every metric.

        The process may be killed at any moment of it. Whoever looks at the folder afterwards finds
        the earlier checkpoints usable (``latest()`` is the one before, or the new one) and can
        save again. That holds, too, if ``step`` is a step that was saved before: the new
        checkpoint takes its place, and until it does, the old one is there.
        """
        raise NotImplementedError("checkpoints: write your solution here")

    def latest(self) -> Path | None:
        """The checkpoint with the highest step, or None if there is none.

        Files that cannot be loaded (cut off, empty, overwritten) are skipped.
        """
        raise NotImplementedError("checkpoints: write your solution here")

    def best(self, metric: str, mode: str = "min") -> Path | None:
        """The checkpoint whose ``metric`` is smallest, or largest with ``mode="max"``.

        None if no checkpoint has that metric. Files that cannot be loaded are skipped. Any other
        ``mode`` is a ``ValueError``.
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

        Nothing in the file is run. The same is true of ``latest`` and ``best``.
        """
        raise NotImplementedError("checkpoints: write your solution here")
