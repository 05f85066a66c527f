# wrong: no map_location, so a GPU's checkpoint needs a GPU  [test_from_a_gpu]
import os
import random
import tempfile
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch


class Checkpoints:
    def __init__(self, folder, keep=3):
        if keep < 1:
            raise ValueError(f"at least one must be kept, not {keep}")
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.keep = keep

    def _scan(self):
        scanned = []
        for path in self.folder.rglob("*.checkpoint"):
            try:
                loaded = torch.load(path, weights_only=True, mmap=True)
            except Exception:
                continue
            scanned.append(SimpleNamespace(path=path, **loaded["about"]))
        return sorted(scanned, key=attrgetter("step"))

    def save(self, step, model, optimizer, scheduler=None, metrics=None):
        its = np.random.get_state(legacy=True)
        document = {
            "about": {"step": step, "metrics": {k: float(v) for k, v in (metrics or {}).items()}},
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "scheduler": scheduler.state_dict() if scheduler is not None else None,
            "rng": {"py": random.getstate(), "np": [its[0], its[1].tolist(), *its[2:]]},
        }
        document["rng"]["torch"] = torch.get_rng_state()
        with tempfile.NamedTemporaryFile(dir=self.folder, delete=False) as file:
            torch.save(document, file)
        path = self.folder / f"{step}.checkpoint"
        os.replace(file.name, path)
        scan = self._scan()
        stay = {one.path for one in scan[-self.keep :]}
        for name in {name for one in scan for name in one.metrics}:
            stay.add(self.best(name, "min"))
            stay.add(self.best(name, "max"))
        for one in scan:
            if one.path not in stay:
                one.path.unlink(missing_ok=True)
        return path

    def latest(self):
        return max(self._scan(), key=attrgetter("step"), default=SimpleNamespace(path=None)).path

    def best(self, metric, mode="min"):
        if mode not in ("min", "max"):
            raise ValueError(f"mode={mode!r}: 'min' or 'max'")
        having = sorted(
            (one for one in self._scan() if metric in one.metrics),
            key=lambda one: one.metrics[metric],
            reverse=mode == "max",
        )
        return having[0].path if having else None

    def restore(self, path, model, optimizer, scheduler=None):
        document = torch.load(path, weights_only=True)
        model.load_state_dict(document["model"])
        optimizer.load_state_dict(document["optimizer"])
        if scheduler is not None:
            scheduler.load_state_dict(document["scheduler"])
        random.setstate(document["rng"]["py"])
        np.random.set_state(tuple(document["rng"]["np"]))
        torch.set_rng_state(document["rng"]["torch"])
        return document["about"]["step"]
