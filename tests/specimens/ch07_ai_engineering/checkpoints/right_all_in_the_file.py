# right: metrics lie in the files, steps in their names; temporary files by tempfile; random states as lists
from __future__ import annotations

import contextlib
import dataclasses
import os
import pathlib
import random
import re
import tempfile
import typing
import warnings

import numpy as np
import torch

_NAME = re.compile(r"ckpt-(\d+)\.pt")


@dataclasses.dataclass(order=True)
class Found:
    step: int
    path: pathlib.Path = dataclasses.field(compare=False)
    metrics: dict[str, float] = dataclasses.field(compare=False, default_factory=dict)


def _read(path: str | os.PathLike[str]) -> dict[str, typing.Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return torch.load(path, weights_only=True, map_location="cpu")


class Checkpoints:
    def __init__(self, folder, keep=3):
        if keep < 1:
            raise ValueError(f"keep must be at least 1, got {keep}")
        self.folder, self.keep = pathlib.Path(folder), keep
        self.folder.mkdir(parents=True, exist_ok=True)

    def _all(self) -> list[Found]:
        found = []
        for path in self.folder.iterdir():
            if match := _NAME.fullmatch(path.name):
                with contextlib.suppress(Exception):
                    data = _read(path)
                    found.append(Found(data["step"], path, data["metrics"]))
        return sorted(found)

    def save(self, step, model, optimizer, scheduler=None, metrics=None):
        version, internal, position, cached = random.getstate()[0], *_split(random.getstate())
        kind, keys, pos, has_gauss, gauss = np.random.get_state()
        data = {
            "step": int(step),
            "metrics": {str(k): float(v) for k, v in (metrics or {}).items() if v == v},
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "scheduler": None if scheduler is None else scheduler.state_dict(),
            "python": [version, internal, position, cached],
            "numpy": [kind, torch.from_numpy(keys.astype(np.int64)), int(pos), int(has_gauss), float(gauss)],
            "torch": torch.get_rng_state(),
            "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        }
        handle, name = tempfile.mkstemp(prefix=".saving-", dir=self.folder)
        try:
            with os.fdopen(handle, "wb") as file:
                torch.save(data, file)
                file.flush()
                os.fsync(file.fileno())
            final = self.folder / f"ckpt-{int(step):012d}.pt"
            os.replace(name, final)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
        self._prune(step)
        return final

    def _prune(self, newest):
        every = self._all()
        found = [f for f in every if f.step <= newest]
        wanted = {f.path for f in found[-self.keep :]}
        for metric in {m for f in found for m in f.metrics}:
            having = [f for f in found if metric in f.metrics]
            for pick in (min, max):
                wanted.add(pick(having, key=lambda f: f.metrics[metric]).path)
        for f in every:
            if f.path not in wanted:
                f.path.unlink(missing_ok=True)

    def latest(self):
        found = self._all()
        return found[-1].path if found else None

    def best(self, metric, mode="min"):
        if mode not in ("min", "max"):
            raise ValueError(f"mode must be 'min' or 'max', got {mode!r}")
        having = [f for f in self._all() if metric in f.metrics]
        if not having:
            return None
        return {"min": min, "max": max}[mode](having, key=lambda f: f.metrics[metric]).path

    def restore(self, path, model, optimizer, scheduler=None):
        data = _read(path)
        model.load_state_dict(data["model"])
        optimizer.load_state_dict(data["optimizer"])
        if scheduler is not None and data["scheduler"] is not None:
            scheduler.load_state_dict(data["scheduler"])
        version, internal, position, cached = data["python"]
        random.setstate((version, (*internal, position), cached))
        kind, keys, pos, has_gauss, gauss = data["numpy"]
        np.random.set_state((kind, keys.numpy().astype(np.uint32), pos, has_gauss, gauss))
        torch.set_rng_state(data["torch"])
        if torch.cuda.is_available() and data["cuda"]:
            torch.cuda.set_rng_state_all(data["cuda"])
        return data["step"]


def _split(state):
    _, numbers, cached = state
    return list(numbers[:-1]), numbers[-1], cached
