# wrong: pickles the module into the .pt file  [test_torchscript_without_the_class]
import copy
from pathlib import Path

import torch


def _suffix(path):
    suffix = Path(path).suffix
    if suffix not in (".pt", ".pt2"):
        raise ValueError(f"path must end in .pt or .pt2, not {path}")
    return suffix


def export_model(model, example, path):
    suffix = _suffix(path)
    model = copy.deepcopy(model).eval()
    if suffix == ".pt":
        torch.save(model, path)
        return
    shapes = ({0: torch.export.Dim("batch")},)
    torch.export.save(torch.export.export(model, (example,), dynamic_shapes=shapes), path)


def load_model(path):
    if _suffix(path) == ".pt":
        return torch.load(path, weights_only=False)
    return torch.export.load(path).module()
