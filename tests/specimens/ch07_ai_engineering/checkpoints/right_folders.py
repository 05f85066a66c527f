# right: a folder for each checkpoint, renamed as a whole; trash by rename; generator objects
import random
import shutil
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch


@dataclass
class Record:
    path: Path
    content: dict = field(repr=False)

    @property
    def step(self):
        return self.content["step"]

    @property
    def metrics(self):
        return dict(self.content["metrics"])


def read(path):
    return torch.load(path, map_location=torch.device("cpu"), weights_only=True)


class Checkpoints:
    def __init__(self, folder, keep=3):
        if not keep >= 1:
            raise ValueError(f"keep: {keep}")
        self.root = Path(folder)
        self.keep = keep

    def records(self):
        for path in self.root.glob("step_*/state.pt"):
            try:
                content = read(path)
            except Exception:
                continue
            yield Record(path, content)

    def save(self, step, model, optimizer, scheduler=None, metrics=None):
        working = self.root / f"working_{uuid.uuid4().hex}"
        working.mkdir(parents=True)
        numpy_state = np.random.get_state()
        content = {
            "step": step,
            "states": {"model": model.state_dict(), "optimizer": optimizer.state_dict()},
            "metrics": [(name, float(np.float64(value))) for name, value in (metrics or {}).items()],
            "rng": {
                "random": random.getstate(),
                "numpy": [*map(str, numpy_state[1]), *map(float, numpy_state[2:])],
                "torch": torch.default_generator.get_state(),
                "devices": [
                    torch.cuda.get_rng_state(i)
                    for i in range(torch.cuda.device_count() if torch.cuda.is_available() else 0)
                ],
            },
        }
        if scheduler is not None:
            content["states"]["scheduler"] = scheduler.state_dict()
        torch.save(content, working / "state.pt")
        # A folder cannot replace a folder that is not empty: a step that is there already gets a
        # second one, with the next number.
        earlier = [r for r in self.records() if r.step == step]
        number = 1 + max((int(r.path.parent.name.split("_")[2]) for r in earlier), default=0)
        target = self.root / f"step_{step}_{number}"
        working.rename(target)
        for record in earlier:
            shutil.rmtree(self.out_of_sight(record))
        for record in [r for r in self.ordered() if r.step > step]:
            shutil.rmtree(self.out_of_sight(record))
        self.prune()
        return target / "state.pt"

    def out_of_sight(self, record):
        trash = self.root / f"trash_{uuid.uuid4().hex}"
        return record.path.parent.rename(trash)

    def ordered(self):
        def key(record):
            return record.step, int(record.path.parent.name.rpartition("_")[2])

        return sorted(self.records(), key=key)

    def prune(self):
        records = self.ordered()
        by_metric = defaultdict(list)
        for record in records:
            for name, value in record.metrics.items():
                if value == value:
                    by_metric[name].append((value, record.path))
        safe = {record.path for record in records[len(records) - self.keep :]}
        if len(records) <= self.keep:
            return
        for pairs in by_metric.values():
            pairs.sort()
            safe |= {pairs[0][1], pairs[-1][1]}
        for record in records:
            if record.path not in safe:
                shutil.rmtree(self.out_of_sight(record))

    def latest(self):
        records = self.ordered()
        if records:
            return records.pop().path
        return None

    def best(self, metric, mode="min"):
        match mode:
            case "min":
                better = float.__lt__
            case "max":
                better = float.__gt__
            case _:
                raise ValueError(f"mode is 'min' or 'max', not {mode!r}")
        winner = None
        for record in self.records():
            if record.metrics.get(metric, float("nan")) == record.metrics.get(metric):
                if winner is None or better(record.metrics[metric], winner.metrics[metric]):
                    winner = record
        return winner and winner.path

    def restore(self, path, model, optimizer, scheduler=None):
        content = read(path)
        targets = {"model": model, "optimizer": optimizer, "scheduler": scheduler}
        for name, state in content["states"].items():
            if targets[name] is not None:
                targets[name].load_state_dict(state)
        rng = content["rng"]
        random.setstate(rng["random"])
        *words, position, has_gauss, gauss = rng["numpy"]
        words = np.array([int(word) for word in words], dtype=np.uint32)
        np.random.set_state(("MT19937", words, int(position), int(has_gauss), gauss))
        torch.default_generator.set_state(rng["torch"])
        for index, state in enumerate(rng["devices"]):
            if index < torch.cuda.device_count():
                torch.cuda.set_rng_state(state, index)
        return content["step"]
