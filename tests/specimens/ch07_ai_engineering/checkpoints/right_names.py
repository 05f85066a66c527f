# right: step and metrics in the file's name, bytes made first, everything moved to the host
import contextlib
import io
import os
import random
import urllib.parse

import numpy
import torch

from pathlib import Path


def hosted(thing):
    if isinstance(thing, torch.Tensor):
        return thing.detach().cpu()
    if isinstance(thing, dict):
        return {key: hosted(value) for key, value in thing.items()}
    if isinstance(thing, (list, tuple)):
        return type(thing)(hosted(value) for value in thing)
    return thing


class Checkpoints:
    SUFFIX = ".pth"

    def __init__(self, folder, keep=3):
        if keep < 1:
            raise ValueError("keep must be 1 or more, not %r" % keep)
        self.folder, self.keep = os.fspath(folder), keep

    def _listed(self):
        found = []
        if os.path.isdir(self.folder):
            for name in os.listdir(self.folder):
                if name.endswith(self.SUFFIX):
                    step, _, query = name[: -len(self.SUFFIX)].partition("&")
                    pairs = {k: float(v) for k, v in urllib.parse.parse_qsl(query)}
                    found.append((int(step), pairs, Path(self.folder, name)))
        return sorted(found, key=lambda row: row[0], reverse=True)

    def _loads(self, path):
        with contextlib.suppress(Exception):
            torch.load(path, weights_only=True)
            return True
        return False

    def save(self, step, model, optimizer, scheduler=None, metrics=None):
        kind, words, *more = numpy.random.get_state()
        whole = dict(
            step=step,
            model=hosted(model.state_dict()),
            optimizer=hosted(optimizer.state_dict()),
            python=random.getstate(),
            numpy=[kind, [int(word) for word in words], *more],
            torch=torch.get_rng_state(),
        )
        if torch.cuda.is_available():
            whole["cuda"] = torch.cuda.get_rng_state()
        if scheduler is not None:
            whole["scheduler"] = scheduler.state_dict()
        buffer = io.BytesIO()
        torch.save(whole, buffer)
        os.makedirs(self.folder, exist_ok=True)
        query = urllib.parse.urlencode({k: repr(float(v)) for k, v in (metrics or {}).items() if float(v) == float(v)})
        target = Path(self.folder, f"{step}&{query}{self.SUFFIX}")
        partial = target.with_name(target.name + "~")
        partial.write_bytes(buffer.getvalue())
        os.rename(partial, target)
        rows = self._listed()
        # Of a step that was saved before, with other metrics, or of a run that was given up.
        for other_step, _, path in reversed(rows):
            if other_step >= step and path != target:
                path.unlink()
        rows = self._listed()
        doomed = {path for _, _, path in rows[self.keep :]}
        for name in set().union(*(values for _, values, _ in rows)):
            for choose in (min, max):
                _, path = choose((values[name], path) for _, values, path in rows if name in values)
                doomed.discard(path)
        for path in doomed:
            path.unlink()
        return target

    def latest(self):
        return next((path for _, _, path in self._listed() if self._loads(path)), None)

    def best(self, metric, mode="min"):
        if mode != "min" and mode != "max":
            raise ValueError(f"unknown mode: {mode}")
        rows = [row for row in self._listed() if metric in row[1]]
        rows.sort(key=lambda row: row[1][metric], reverse=mode == "max")
        for _, _, path in rows:
            if self._loads(path):
                return path

    def restore(self, path, model, optimizer, scheduler=None):
        whole = torch.load(path)
        model.load_state_dict(whole["model"])
        optimizer.load_state_dict(whole["optimizer"])
        if scheduler and "scheduler" in whole:
            scheduler.load_state_dict(whole["scheduler"])
        random.setstate(whole["python"])
        numpy.random.set_state(tuple(whole["numpy"]))
        torch.set_rng_state(whole["torch"])
        if "cuda" in whole and torch.cuda.is_available():
            torch.cuda.set_rng_state(whole["cuda"])
        return whole["step"]
