# wrong: looks for the largest value from 0 on; a score may be negative  [test_latest_and_best]
import contextlib
import os
import random
import re
import tempfile
from pathlib import Path

import numpy as np
import torch

NAME = re.compile(r"step_(\d+)\.pt$")


class Checkpoints:
    def __init__(self, folder, keep=3):
        if keep < 1:
            raise ValueError(f"keep must be at least 1, got {keep}")
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.keep = keep

    def _paths(self):
        found = []
        for p in self.folder.iterdir():
            m = NAME.fullmatch(p.name)
            if m:
                found.append((int(m.group(1)), p))
        return [p for _, p in sorted(found)]

    @staticmethod
    def _read(path):
        return torch.load(path, map_location="cpu", weights_only=True)

    def _good(self):
        for p in self._paths():
            with contextlib.suppress(Exception):
                yield p, self._read(p)["metrics"]

    def save(self, step, model, optimizer, scheduler=None, metrics=None):
        name, keys, pos, has_gauss, cached = np.random.get_state()
        state = {
            "step": int(step),
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "scheduler": None if scheduler is None else scheduler.state_dict(),
            "metrics": {str(k): float(v) for k, v in (metrics or {}).items()},
            "torch_rng": torch.get_rng_state(),
            "cuda_rng": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
            "python_rng": random.getstate(),
            "numpy_rng": [name, keys.tolist(), int(pos), int(has_gauss), float(cached)],
        }
        target = self.folder / f"step_{int(step)}.pt"
        fd, tmp = tempfile.mkstemp(dir=self.folder, suffix=".tmp")
        try:
            with os.fdopen(fd, "wb") as f:
                torch.save(state, f)
                f.flush()
                os.fsync(f.fileno())
            os.replace(tmp, target)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(tmp)
            raise
        self._prune()
        return target

    def _prune(self):
        good = list(self._good())
        wanted = {p for p, _ in good[-self.keep :]}
        for name in {n for _, m in good for n in m}:
            with_it = [(m[name], p) for p, m in good if name in m]
            wanted.add(min(with_it, key=lambda t: t[0])[1])
            wanted.add(max(with_it, key=lambda t: t[0])[1])
        for p, _ in good:
            if p not in wanted:
                p.unlink()

    def latest(self):
        for p in reversed(self._paths()):
            try:
                self._read(p)
            except Exception:
                continue
            return p
        return None

    def best(self, metric, mode="min"):
        if mode not in ("min", "max"):
            raise ValueError(f"mode must be 'min' or 'max', got {mode!r}")
        with_it = [(m[metric], p) for p, m in self._good() if metric in m]
        if not with_it:
            return None
        chosen, value = None, float("inf") if mode == "min" else 0.0
        for v, p in with_it:
            if (v < value) if mode == "min" else (v > value):
                chosen, value = p, v
        return chosen

    def restore(self, path, model, optimizer, scheduler=None):
        state = self._read(path)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        if scheduler is not None:
            scheduler.load_state_dict(state["scheduler"])
        torch.set_rng_state(state["torch_rng"])
        if state["cuda_rng"]:
            torch.cuda.set_rng_state_all(state["cuda_rng"])
        random.setstate(state["python_rng"])
        name, keys, pos, has_gauss, cached = state["numpy_rng"]
        np.random.set_state((name, np.array(keys, dtype=np.uint32), pos, has_gauss, cached))
        return state["step"]
