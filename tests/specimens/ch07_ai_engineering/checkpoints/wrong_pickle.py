# wrong: pickle.dump instead of torch.save  [test_loads_as_data]
import os
import pickle
import random
from pathlib import Path

import numpy as np
import torch


class Checkpoints:
    def __init__(self, folder, keep=3):
        if keep < 1:
            raise ValueError(f"keep must be at least 1: {keep}")
        self.folder = Path(folder)
        self.folder.mkdir(exist_ok=True, parents=True)
        self.keep = keep

    def documents(self):
        for path in self.folder.iterdir():
            if path.suffix == ".pkl":
                try:
                    yield pickle.loads(path.read_bytes()), path
                except Exception:
                    continue

    def save(self, step, model, optimizer, scheduler=None, metrics=None):
        everything = {
            "step": step,
            "metrics": metrics or {},
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "scheduler": scheduler and scheduler.state_dict(),
            "random": (random.getstate(), np.random.get_state(), torch.get_rng_state()),
        }
        path = self.folder / f"{step:010}.pkl"
        temporary = path.with_name(path.name + ".tmp")
        with temporary.open("wb") as file:
            pickle.dump(everything, file)
        os.replace(temporary, path)
        rows = sorted(self.documents(), key=lambda row: row[0]["step"])
        keep = {path for _, path in rows[-self.keep :]}
        for name in {name for document, _ in rows for name in document["metrics"]}:
            keep |= {self.best(name), self.best(name, mode="max")}
        for _, other in rows:
            if other not in keep:
                other.unlink()
        return path

    def latest(self):
        newest = max(self.documents(), key=lambda row: row[0]["step"], default=(None, None))
        return newest[1]

    def best(self, metric, mode="min"):
        if mode not in ("min", "max"):
            raise ValueError(f"unknown mode {mode!r}")
        rows = [(d["metrics"][metric], path) for d, path in self.documents() if metric in d["metrics"]]
        rows.sort()
        return rows[-(mode == "max")][1] if rows else None

    def restore(self, path, model, optimizer, scheduler=None):
        everything = pickle.loads(Path(path).read_bytes())
        for part, name in ((model, "model"), (optimizer, "optimizer"), (scheduler, "scheduler")):
            if part is not None:
                part.load_state_dict(everything[name])
        python, numpy, generator = everything["random"]
        random.setstate(python)
        np.random.set_state(numpy)
        torch.set_rng_state(generator)
        return everything["step"]
