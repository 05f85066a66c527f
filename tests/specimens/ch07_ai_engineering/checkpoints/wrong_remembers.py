# wrong: what was saved is known to the object that saved it only  [test_another_process]
import os
import random
from pathlib import Path

import numpy as np
import torch


class Checkpoints:
    def __init__(self, folder, keep=3):
        if keep < 1:
            raise ValueError(f"keep: {keep!r}")
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.keep = keep
        self.history = []  # (step, path, metrics)

    def save(self, step, model, optimizer, scheduler=None, metrics=None):
        algorithm, keys, *rest = np.random.get_state()
        checkpoint = {
            "step": step,
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "scheduler": scheduler.state_dict() if scheduler is not None else None,
            "random": [random.getstate(), [algorithm, keys.tolist(), *rest], torch.get_rng_state()],
        }
        path = self.folder / f"checkpoint_{step}.pt"
        torch.save(checkpoint, self.folder / "checkpoint.tmp")
        os.replace(self.folder / "checkpoint.tmp", path)
        self.history = [entry for entry in self.history if entry[0] != step]
        self.history.append((step, path, dict(metrics or {})))
        self.tidy()
        return path

    def tidy(self):
        keep = self.history[-self.keep :]
        for name in {name for entry in self.history for name in entry[2]}:
            entries = [entry for entry in self.history if name in entry[2]]
            keep.append(min(entries, key=lambda entry: entry[2][name]))
            keep.append(max(entries, key=lambda entry: entry[2][name]))
        for entry in self.history:
            if entry not in keep:
                entry[1].unlink()
        self.history = [entry for entry in self.history if entry in keep]

    def loadable(self):
        for entry in self.history:
            try:
                torch.load(entry[1], map_location="cpu")
            except Exception:
                continue
            yield entry

    def latest(self):
        return max((entry[:2] for entry in self.loadable()), default=(None, None))[1]

    def best(self, metric, mode="min"):
        if mode not in ("min", "max"):
            raise ValueError(f"mode: {mode!r}")
        entries = [(entry[2][metric], entry[1]) for entry in self.loadable() if metric in entry[2]]
        entries.sort(reverse=(mode == "max"))
        return entries[0][1] if entries else None

    def restore(self, path, model, optimizer, scheduler=None):
        checkpoint = torch.load(path, map_location="cpu")
        model.load_state_dict(checkpoint["model"])
        optimizer.load_state_dict(checkpoint["optimizer"])
        if scheduler is not None:
            scheduler.load_state_dict(checkpoint["scheduler"])
        python, numpy, own = checkpoint["random"]
        random.setstate(python)
        np.random.set_state(numpy)
        torch.set_rng_state(own)
        return checkpoint["step"]
