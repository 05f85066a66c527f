# right: metrics in a JSON index, itself replaced atomically; random states as tensors
import json
import os
import random
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import torch


def replace(target, write):
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".partial-")
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, target)
    except BaseException:
        os.unlink(name)
        raise


class Checkpoints:
    def __init__(self, folder, keep=3):
        if keep <= 0:
            raise ValueError(f"keep={keep} is not positive")
        self.folder = Path(folder).resolve()
        os.makedirs(self.folder, exist_ok=True)
        self.keep = keep
        self.index = self.folder / "index.json"

    def _rows(self):
        """[step, file name, metrics] of the checkpoints that are whole."""
        if not self.index.exists():
            return []
        rows = json.loads(self.index.read_text())
        return [row for row in rows if self._whole(self.folder / row[1])]

    @staticmethod
    def _whole(path):
        try:
            with zipfile.ZipFile(path) as archive:
                return archive.testzip() is None
        except (OSError, zipfile.BadZipFile):
            return False

    def save(self, step, model, optimizer, scheduler=None, metrics=None):
        version, numbers, spare = random.getstate()
        numpy = np.random.get_state(legacy=False)
        keys = torch.from_numpy(numpy["state"]["key"].astype(np.int64))
        state = {
            "step": step,
            "parts": [part and part.state_dict() for part in (model, optimizer, scheduler)],
            "random": [version, torch.tensor(numbers), spare],
            "numpy": [keys, numpy["state"]["pos"], numpy["has_gauss"], numpy["gauss"]],
            "torch": torch.random.get_rng_state(),
            "cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        }
        # A name of its own for each save: nothing is ever written over.
        taken = {row[1] for row in self._rows()}
        name = next(n for i in range(10**6) if (n := f"{step}-{i}.ckpt") not in taken)
        path = self.folder / name
        replace(path, lambda file: torch.save(state, file))
        values = {key: np.asarray(value).item() for key, value in (metrics or {}).items() if value == value}
        rows = [row for row in self._rows() if row[0] < step]
        rows.append([step, name, values])
        kept = rows[-self.keep :]
        for metric in {key for row in rows for key in row[2]}:
            ranked = sorted((r for r in rows if metric in r[2]), key=lambda r: r[2][metric])
            kept += [ranked[0], ranked[-1]]
        text = json.dumps([row for row in rows if row in kept]).encode()
        replace(self.index, lambda file: file.write(text))
        for other in self.folder.glob("*.ckpt"):
            if other.name not in {row[1] for row in kept}:
                os.remove(other)
        return path

    def latest(self):
        rows = self._rows()
        return self.folder / rows[-1][1] if rows else None

    def best(self, metric, mode="min"):
        sign = {"min": 1, "max": -1}.get(mode)
        if sign is None:
            raise ValueError(f"mode {mode!r}")
        rows = [row for row in self._rows() if metric in row[2]]
        rows.sort(key=lambda row: sign * row[2][metric])
        return self.folder / rows[0][1] if rows else None

    def restore(self, path, model, optimizer, scheduler=None):
        state = torch.load(path, "cpu", weights_only=True)
        for part, saved in zip((model, optimizer, scheduler), state["parts"], strict=True):
            if part is not None and saved is not None:
                part.load_state_dict(saved)
        version, numbers, spare = state["random"]
        random.setstate((version, tuple(numbers.tolist()), spare))
        keys, pos, has_gauss, gauss = state["numpy"]
        np.random.set_state(("MT19937", keys.numpy().astype(np.uint32), pos, has_gauss, gauss))
        torch.random.set_rng_state(state["torch"])
        if state["cuda"] and torch.cuda.device_count() == len(state["cuda"]):
            torch.cuda.set_rng_state_all(state["cuda"])
        return state["step"]
