# wrong: traces a model whose forward has no branch, and loses those of its parts  [test_control_flow_is_kept]
import copy
import inspect
import warnings
from pathlib import Path

import torch


def _ending(path):
    suffix = Path(path).suffix
    if suffix not in {".pt", ".pt2"}:
        raise ValueError(f"path must end in .pt or .pt2, not {path}")
    return suffix


def export_model(model, example, path):
    suffix = _ending(path)
    twin = copy.deepcopy(model).eval()
    if suffix == ".pt":
        source = inspect.getsource(type(model).forward)
        if any(word in source for word in ("if ", "for ", "while ")):
            script = torch.jit.script(twin)
        else:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                script = torch.jit.trace(twin, example)
        torch.jit.save(script, path)
    else:
        shapes = ({0: torch.export.Dim("batch")},)
        torch.export.save(torch.export.export(twin, (example,), dynamic_shapes=shapes), path)


def load_model(path):
    if _ending(path) == ".pt":
        return torch.jit.load(path)
    return torch.export.load(path).module()
