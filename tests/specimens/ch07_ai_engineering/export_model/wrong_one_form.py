# wrong: TorchScript, whatever the ending  [test_exported_program_without_the_class]
import copy
from pathlib import Path

import torch


def export_model(model, example, path):
    if Path(path).suffix not in (".pt", ".pt2"):
        raise ValueError(f"path must end in .pt or .pt2, not {path}")
    torch.jit.script(copy.deepcopy(model).eval()).save(path)


def load_model(path):
    if Path(path).suffix not in (".pt", ".pt2"):
        raise ValueError(f"path must end in .pt or .pt2, not {path}")
    return torch.jit.load(path)
