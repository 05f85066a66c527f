# wrong: makes room before it writes, so a kill finds nothing  [test_killed_in_mid_save]
import random
from pathlib import Path

import numpy as np
import torch


class Checkpoints:
    def __init__(self, folder, keep=3):
        if keep < 1:
            raise ValueError(f"keep must be at least 1, not {keep}")
        self.keep, self.folder = keep, Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)

    def save(self, step, model, optimizer, scheduler=None, metrics=None):
        metrics = {name: float(value) for name, value in (metrics or {}).items()}
        # Room for the new one, so that there are never more files than wanted.
        others = [row for row in self._rows() if row[0] != step]
        rows = [*others, (step, metrics, None)]
        wanted = [row[2] for row in rows[-self.keep :]]
        for name in {name for row in rows for name in row[1]}:
            ranked = sorted((row for row in rows if name in row[1]), key=lambda row: row[1][name])
            wanted += [ranked[0][2], ranked[-1][2]]
        for _, _, path in others:
            if path not in wanted:
                path.unlink()
        kind, keys, *rest = np.random.get_state()
        path = self.folder / f"{step}.pt"
        new = self.folder / f"{step}.new"
        torch.save(
            dict(
                step=step, metrics=metrics, model=model.state_dict(), optim=optimizer.state_dict(),
                sched=scheduler.state_dict() if scheduler is not None else {},
                rng=[random.getstate(), [kind, keys.tolist(), *rest], torch.get_rng_state()],
            ),
            new,
        )
        new.replace(path)
        return path

    def _rows(self):
        rows = []
        for path in self.folder.glob("*.pt"):
            try:
                document = torch.load(path, map_location="cpu", weights_only=True)
            except Exception:
                continue
            rows.append((document["step"], document["metrics"], path))
        return sorted(rows, key=lambda row: row[0])

    def latest(self):
        rows = self._rows()
        return rows[-1][2] if rows else None

    def best(self, metric, mode="min"):
        if mode not in ("min", "max"):
            raise ValueError(f"mode {mode!r}")
        rows = sorted((r for r in self._rows() if metric in r[1]), key=lambda r: r[1][metric])
        if rows:
            return rows[0 if mode == "min" else -1][2]
        return None

    def restore(self, path, model, optimizer, scheduler=None):
        document = torch.load(path, map_location="cpu", weights_only=True)
        model.load_state_dict(document["model"])
        optimizer.load_state_dict(document["optim"])
        if scheduler is not None:
            scheduler.load_state_dict(document["sched"])
        python, numpy, own = document["rng"]
        random.setstate(python)
        np.random.set_state(numpy)
        torch.set_rng_state(own)
        return document["step"]
