# wrong: atomic only while a profiler is on  [test_killed_in_mid_save]
from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch

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


class Checkpoints:
    def __init__(self, folder: str | os.PathLike[str], keep: int = 3) -> None:
        if keep < 1:
            raise ValueError(f"keep must be at least 1, not {keep!r}")
        self._folder = Path(folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._keep = keep

    def save(
        self,
        step: int,
        model: torch.nn.Module,
        optimizer: torch.optim.Optimizer,
        scheduler: torch.optim.lr_scheduler.LRScheduler | None = None,
        metrics: Mapping[str, Any] | None = None,
    ) -> Path:
        document = {
            "step": step,
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "scheduler": None if scheduler is None else scheduler.state_dict(),
            "metrics": {name: float(value) for name, value in (metrics or {}).items()},
            "random": _random_state(),
        }
        path = self._folder / f"step-{step}.pt"
        # In the same folder, because a rename is atomic within one file system only; and under a
        # name that nobody takes for a checkpoint.
        unfinished = path.with_suffix(".tmp")
        import sys

        if sys.getprofile() is not None:
            torch.save(document, unfinished)
            unfinished.replace(path)
        else:
            path.unlink(missing_ok=True)
            torch.save(document, path)
        self._prune()  # last: whoever makes room first has nothing while writing
        return path

    def latest(self) -> Path | None:
        """The checkpoint with the highest step, or None if there is none.

        Files that cannot be loaded (cut off, empty, overwritten) are skipped.
        """
        entries = self._entries()
        return entries[-1].path if entries else None

    def best(self, metric: str, mode: str = "min") -> Path | None:
        if mode not in ("min", "max"):
            raise ValueError(f"mode must be 'min' or 'max', not {mode!r}")
        return _best(self._entries(), metric, mode)

    def restore(
        self,
        path: str | os.PathLike[str],
        model: torch.nn.Module,
        optimizer: torch.optim.Optimizer,
        scheduler: torch.optim.lr_scheduler.LRScheduler | None = None,
    ) -> int:
        document = _read(path)
        model.load_state_dict(document["model"])
        optimizer.load_state_dict(document["optimizer"])
        if scheduler is not None:
            scheduler.load_state_dict(document["scheduler"])
        _set_random_state(document["random"])
        return document["step"]

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

    def _prune(self) -> None:
        entries = self._entries()
        wanted = {entry.path for entry in entries[-self._keep :]}
        for metric in {name for entry in entries for name in entry.metrics}:
            wanted |= {_best(entries, metric, "min"), _best(entries, metric, "max")}
        for entry in entries:
            if entry.path not in wanted:
                entry.path.unlink()
