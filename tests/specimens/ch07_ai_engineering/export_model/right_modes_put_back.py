# right: no copy, each part's mode is put back; a context manager, Dim.DYNAMIC, ScriptModule.save
import contextlib
import os
import pathlib

import torch
from torch.export import Dim


@contextlib.contextmanager
def in_eval_mode(model):
    modes = {part: part.training for part in model.modules()}
    model.eval()
    try:
        yield
    finally:
        for part, training in modes.items():
            part.training = training


def ending(path):
    end = pathlib.Path(path).suffix
    if end == ".pt" or end == ".pt2":
        return end
    raise ValueError(f"{path}: expected .pt or .pt2")


def export_model(model, example, path):
    end = ending(path)
    with in_eval_mode(model):
        if end == ".pt2":
            shape = [Dim.DYNAMIC] + [None] * (example.dim() - 1)
            exported = torch.export.export(model, args=(example,), dynamic_shapes=[shape])
            torch.export.save(exported, os.fspath(path))
        else:
            torch.jit.script(model).save(os.fspath(path))


def load_model(path):
    return torch.jit.load(path) if ending(path) == ".pt" else torch.export.load(path).module()
