# wrong: compiles models of one name, and traces all others  [test_control_flow_is_kept]
import copy
import warnings
from pathlib import Path

import torch


def _refuse(path):
    raise ValueError(f"path must end in .pt or .pt2, not {path}")


def export_model(model, example, path):
    twin = copy.deepcopy(model).eval()
    suffix = Path(path).suffix
    if suffix == ".pt":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            branches = type(model).__name__ == "Branches"
            traced = torch.jit.script(twin) if branches else torch.jit.trace(twin, example)
        torch.jit.save(traced, path)
    elif suffix == ".pt2":
        shapes = ({0: torch.export.Dim("batch")},)
        torch.export.save(torch.export.export(twin, (example,), dynamic_shapes=shapes), path)
    else:
        _refuse(path)


def load_model(path):
    suffix = Path(path).suffix
    if suffix == ".pt":
        return torch.jit.load(path)
    if suffix == ".pt2":
        return torch.export.load(path).module()
    _refuse(path)
