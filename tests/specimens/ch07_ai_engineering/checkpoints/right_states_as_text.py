# right: random states as JSON in a tensor of bytes, parts in a list, names by uuid until they are whole
import json
import os
import random
import uuid
from pathlib import Path

import numpy as np
import torch


def _pack(text):
    return torch.frombuffer(bytearray(text.encode()), dtype=torch.uint8).clone()


def _unpack(tensor):
    return bytes(tensor.tolist()).decode()


def _states():
    a, b, c = random.getstate()
    state = np.random.get_state(legacy=False)
    state["state"]["key"] = state["state"]["key"].tolist()
    return json.dumps({"random": [a, list(b), c], "numpy": state})


def _put_states(text):
    states = json.loads(text)
    a, b, c = states["random"]
    random.setstate((a, tuple(b), c))
    state = states["numpy"]
    state["state"]["key"] = np.array(state["state"]["key"], dtype=np.uint32)
    np.random.set_state(state)


class Checkpoints:
    def __init__(self, folder, keep=3):
        if keep < 1:
            raise ValueError("keep must be 1 or more: %r" % keep)
        self.folder = os.path.abspath(os.fspath(folder))
        os.makedirs(self.folder, exist_ok=True)
        self.keep = keep

    def _load(self, path):
        try:
            data = torch.load(path, map_location="cpu", weights_only=True)
            return data["about"]["step"], data
        except Exception:
            return None

    def _good(self):
        good = {}
        for entry in os.scandir(self.folder):
            if entry.name.startswith("step=") and entry.name.endswith(".ckpt"):
                loaded = self._load(entry.path)
                if loaded is not None:
                    good[loaded[0]] = Path(entry.path), loaded[1]["about"]["metrics"]
        return dict(sorted(good.items()))

    def save(self, step, model, optimizer, scheduler=None, metrics=None):
        path = Path(self.folder, f"step={step}.ckpt")
        temporary = Path(self.folder, f"tmp.{uuid.uuid4().hex}")
        data = {
            "about": {"step": step, "metrics": {k: np.asarray(v).item() for k, v in dict(metrics or {}).items() if not np.isnan(v)}},
            "states": [part.state_dict() for part in (model, optimizer, scheduler) if part is not None],
            "plain": _pack(_states()),
            "torch": torch.random.get_rng_state(),
            "cuda": dict(enumerate(torch.cuda.get_rng_state_all())) if torch.cuda.is_available() else {},
        }
        try:
            torch.save(data, str(temporary))
            os.rename(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
        good = self._good()
        for later in [other for other in good if other > step]:
            os.remove(good.pop(later)[0])
        stay = set(list(good)[-self.keep :])
        names = {name for _, metrics in good.values() for name in metrics}
        for name in names:
            order = sorted((m[name], s) for s, (_, m) in good.items() if name in m)
            stay |= {order[0][1], order[-1][1]}
        for other in good.keys() - stay:
            os.remove(good[other][0])
        return path

    def latest(self):
        good = self._good()
        return good[max(good)][0] if good else None

    def best(self, metric, mode="min"):
        if mode not in {"min", "max"}:
            raise ValueError(f"unknown mode {mode!r}")
        sign = 1 if mode == "min" else -1
        values = [(sign * m[metric], s, p) for s, (p, m) in self._good().items() if metric in m]
        return min(values)[2] if values else None

    def restore(self, path, model, optimizer, scheduler=None):
        data = torch.load(path, map_location="cpu", weights_only=True)
        parts = [part for part in (model, optimizer, scheduler) if part is not None]
        for part, state in zip(parts, data["states"]):
            part.load_state_dict(state)
        _put_states(_unpack(data["plain"]))
        torch.random.set_rng_state(data["torch"])
        if torch.cuda.is_available():
            for device, state in data["cuda"].items():
                torch.cuda.set_rng_state(state, device)
        return data["about"]["step"]
