# wrong: returns what cannot be called  [test_exported_program_without_the_class]
import copy
from pathlib import Path

import torch


def export_model(model, example, path):
    suffix = Path(path).suffix
    if suffix not in (".pt", ".pt2"):
        raise ValueError(f"path must end in .pt or .pt2, not {path}")
    model = copy.deepcopy(model).eval()
    if suffix == ".pt":
        torch.jit.save(torch.jit.script(model), path)
    else:
        shapes = ({0: torch.export.Dim("batch")},)
        torch.export.save(torch.export.export(model, (example,), dynamic_shapes=shapes), path)


def load_model(path):
    suffix = Path(path).suffix
    if suffix not in (".pt", ".pt2"):
        raise ValueError(f"path must end in .pt or .pt2, not {path}")
    return {".pt": torch.jit, ".pt2": torch.export}[suffix].load(path)
