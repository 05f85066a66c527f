# wrong: takes it that forward calls its parameter x  [test_exported_program_without_the_class]
import copy
from pathlib import Path

import torch


def export_model(model, example, path):
    path, frozen = Path(path), copy.deepcopy(model).eval()
    if path.suffix == ".pt":
        torch.jit.save(torch.jit.script(frozen), path)
    elif path.suffix == ".pt2":
        batch = torch.export.Dim("batch")
        exported = torch.export.export(frozen, (example,), dynamic_shapes={"x": {0: batch}})
        torch.export.save(exported, path)
    else:
        raise ValueError(f"path must end in .pt or .pt2, not {path}")


def load_model(path):
    path = Path(path)
    if path.suffix == ".pt":
        return torch.jit.load(path)
    if path.suffix == ".pt2":
        return torch.export.load(path).module()
    raise ValueError(f"path must end in .pt or .pt2, not {path}")
