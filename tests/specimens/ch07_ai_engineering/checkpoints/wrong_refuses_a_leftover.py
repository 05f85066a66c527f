# wrong: a half-written file that a kill left is in the way of that step  [test_killed_in_mid_save]
import os
import random
from pathlib import Path

import numpy as np
import torch


class Checkpoints:
    def __init__(self, folder, keep=3):
        if keep < 1:
            raise ValueError(f"keep must be at least 1, got {keep}")
        self.folder, self.keep = Path(folder), keep
        self.folder.mkdir(parents=True, exist_ok=True)

    def _all(self):
        found = []
        for path in self.folder.glob("*.pt"):
            try:
                data = torch.load(path, map_location="cpu", weights_only=True)
                found.append((data["step"], path, data["metrics"]))
            except Exception:
                continue
        return sorted(found, key=lambda one: one[0])

    def save(self, step, model, optimizer, scheduler=None, metrics=None):
        kind, keys, *rest = np.random.get_state()
        data = {
            "step": int(step),
            "metrics": {name: float(value) for name, value in (metrics or {}).items()},
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "scheduler": scheduler.state_dict() if scheduler else None,
            "random": random.getstate(),
            "numpy": [kind, keys.tolist(), *rest],
            "torch": torch.get_rng_state(),
            "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        }
        path = self.folder / f"{step:012d}.pt"
        part = path.with_suffix(".part")
        with part.open("xb") as file:  # two writers of one step? never
            torch.save(data, file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
        self._tidy()
        return path

    def _tidy(self):
        known = self._all()
        wanted = {path for _, path, _ in known[-self.keep :]}
        for name in {name for _, _, metrics in known for name in metrics}:
            wanted |= {self.best(name, "min"), self.best(name, "max")}
        for _, path, _ in known:
            if path not in wanted:
                path.unlink()

    def latest(self):
        known = self._all()
        return known[-1][1] if known else None

    def best(self, metric, mode="min"):
        choose = {"min": min, "max": max}.get(mode)
        if choose is None:
            raise ValueError(f"mode must be 'min' or 'max', got {mode!r}")
        values = {path: metrics[metric] for _, path, metrics in self._all() if metric in metrics}
        return choose(values, key=values.get, default=None)

    def restore(self, path, model, optimizer, scheduler=None):
        data = torch.load(path, map_location="cpu", weights_only=True)
        model.load_state_dict(data["model"])
        optimizer.load_state_dict(data["optimizer"])
        if scheduler is not None:
            scheduler.load_state_dict(data["scheduler"])
        random.setstate(data["random"])
        np.random.set_state(tuple(data["numpy"]))
        torch.set_rng_state(data["torch"])
        if torch.cuda.is_available() and data["cuda"]:
            torch.cuda.set_rng_state_all(data["cuda"])
        return data["step"]
