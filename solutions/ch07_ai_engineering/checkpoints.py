"""Checkpoints: a training run may be killed at any moment, and goes on as if it had not been."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

### BEGIN SOLUTION
import math
import random
from typing import NamedTuple

import numpy as np


class _Entry(NamedTuple):
    """A checkpoint in the folder, as far as one must know it to choose among them."""

    step: int
    path: Path
    metrics: dict[str, float]


def _read(path: str | os.PathLike[str], *, mmap: bool = False) -> dict[str, Any]:
    # weights_only: a pickle is a program, and this one may come from anywhere. map_location: the
    # machine that reads may have no GPU; load_state_dict copies to where the model is.
    return torch.load(path, map_location="cpu", weights_only=True, mmap=mmap)


def _random_state() -> dict[str, Any]:
    name, keys, *rest = np.random.get_state()
    return {
        "python": random.getstate(),
        "numpy": (name, keys.tolist(), *rest),  # weights_only refuses a NumPy array
        "torch": torch.get_rng_state(),
        # Asking for it would start CUDA in a program that does without.
        "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_initialized() else [],
    }


def _set_random_state(saved: dict[str, Any]) -> None:
    random.setstate(saved["python"])
    np.random.set_state(saved["numpy"])
    torch.set_rng_state(saved["torch"])
    # There may be fewer devices here than where it was saved, or none.
    for device, state in zip(range(torch.cuda.device_count()), saved["cuda"], strict=False):
        torch.cuda.set_rng_state(state, device)


def _best(entries: list[_Entry], metric: str, mode: str) -> Path | None:
    having = [entry for entry in entries if metric in entry.metrics]
    if not having:
        return None
    choose = min if mode == "min" else max
    return choose(having, key=lambda entry: entry.metrics[metric]).path


### END SOLUTION


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
        ### BEGIN SOLUTION
        if keep < 1:
            raise ValueError(f"keep must be at least 1, not {keep!r}")
        self._folder = Path(folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._keep = keep
        ### END SOLUTION

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
        ### BEGIN SOLUTION
        document = {
            "step": step,
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "scheduler": None if scheduler is None else scheduler.state_dict(),
            # A NaN is left out: no order of numbers has a place for it.
            "metrics": {n: float(v) for n, v in (metrics or {}).items() if not math.isnan(v)},
            "random": _random_state(),
        }
        path = self._folder / f"step-{step}.pt"
        # In the same folder, because a rename is atomic within one file system only; and under a
        # name that is not taken for a checkpoint.
        unfinished = path.with_suffix(".tmp")
        torch.save(document, unfinished)
        unfinished.replace(path)
        self._prune(step)  # last: make room first, and there is nothing left while you write
        return path
        ### END SOLUTION

    def latest(self) -> Path | None:
        """The checkpoint with the highest step, or None if there are no checkpoints.

        Files that cannot be loaded (cut off, empty, overwritten) are skipped, by ``best``, too.
        """
        ### BEGIN SOLUTION
        entries = self._entries()
        return entries[-1].path if entries else None
        ### END SOLUTION

    def best(self, metric: str, mode: str = "min") -> Path | None:
        """A checkpoint whose ``metric`` is smallest, or largest with ``mode="max"``.

        None if no checkpoint has that metric. Raises ``ValueError`` for any other ``mode``.
        """
        ### BEGIN SOLUTION
        if mode not in ("min", "max"):
            raise ValueError(f"mode must be 'min' or 'max', not {mode!r}")
        return _best(self._entries(), metric, mode)
        ### END SOLUTION

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
        ### BEGIN SOLUTION
        document = _read(path)
        model.load_state_dict(document["model"])
        optimizer.load_state_dict(document["optimizer"])
        if scheduler is not None:
            scheduler.load_state_dict(document["scheduler"])
        _set_random_state(document["random"])
        return document["step"]
        ### END SOLUTION

    ### BEGIN SOLUTION
    def _entries(self) -> list[_Entry]:
        """What can be read, in the order of the steps."""
        entries = []
        for path in self._folder.glob("step-*.pt"):
            try:
                # Mapped, not read: of gigabytes of weights only a few kilobytes are looked at.
                document = _read(path, mmap=True)
            except Exception:  # half a file fails in many ways, and none is worth ending a run
                continue
            entries.append(_Entry(document["step"], path, document["metrics"]))
        return sorted(entries, key=lambda entry: entry.step)  # names would put 10 before 9

    def _prune(self, newest: int) -> None:
        every = self._entries()
        entries = [entry for entry in every if entry.step <= newest]
        wanted = {entry.path for entry in entries[-self._keep :]}
        for metric in {name for entry in entries for name in entry.metrics}:
            wanted |= {_best(entries, metric, "min"), _best(entries, metric, "max")}
        for entry in every:  # in order: until the last of the later steps goes, it is the latest
            if entry.path not in wanted:
                entry.path.unlink()

    ### END SOLUTION


### BEGIN SOLUTION
# Notes. A killed process is not a power cut. For that, the data must be on the disk before the
# name is: open the unfinished file yourself, torch.save(document, file), file.flush() and
# os.fsync(file.fileno()), then the rename. It costs what the disk costs, every time.
#
# The smallest and the largest of each metric are kept because the class cannot know which one is
# good; two files more for each metric.
#
# Bit for bit holds for the same machine, the same versions and the same kernels. What is not in
# here: the position in the data. A sampler that takes its order from torch's generator starts the
# epoch anew after a restore; save at the end of an epoch, or give the sampler a state of its own.
# A run that goes back to an old step gives up the steps beyond it. Without that rule the new
# checkpoint would be deleted at once, as the oldest, and a restart would go on from the old run.
# To keep both runs, go on in a copy of the folder.
#
# A folder of files (weights.pt, optimizer.pt) is renamed as a whole or not at all; two files in
# two renames can be of two steps. Large models write in the background: copy to host memory, go
# on, write there. torch.distributed.checkpoint does that, and one file per process.
#
# Common mistakes: torch.save straight to the path; deleting before writing; a NumPy number or the
# state of np.random in the file, which weights_only refuses; map_location="cuda", which moves the
# state of torch's generator, too, and it must be on the CPU; the newest by name ("step-9.pt" is
# after "step-10.pt") or by time; the best loss in an attribute, which the next process lacks; a
# NaN among the losses, beside which min() and max() return whatever comes first.
### END SOLUTION
