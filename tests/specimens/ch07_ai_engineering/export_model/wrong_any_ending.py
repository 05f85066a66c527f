# wrong: any other ending is an exported program, too  [test_refuses_other_endings]
import copy
from pathlib import Path

import torch


def export_model(model, example, path):
    model = copy.deepcopy(model).eval()
    if Path(path).suffix == ".pt":
        torch.jit.save(torch.jit.script(model), path)
    else:
        shapes = ({0: torch.export.Dim("batch")},)
        program = torch.export.export(model, (example,), dynamic_shapes=shapes)
        with open(path, "wb") as file:
            torch.export.save(program, file)


def load_model(path):
    if Path(path).suffix == ".pt":
        return torch.jit.load(path)
    with open(path, "rb") as file:
        return torch.export.load(file).module()
