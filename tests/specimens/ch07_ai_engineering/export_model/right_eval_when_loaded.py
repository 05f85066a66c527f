# right: a script keeps its mode, so eval() comes after loading; the parameter's name is looked up
import inspect
import pathlib

import torch


def export_model(model, example, path):
    kind = pathlib.PurePath(path).suffix
    if kind == ".pt":
        with open(path, "wb") as file:
            torch.jit.save(torch.jit.script(model), file)
    elif kind == ".pt2":
        training = [part for part in model.modules() if part.training]
        model.train(False)
        name = next(iter(inspect.signature(model.forward).parameters))
        rows = torch.export.Dim("rows", min=1)
        try:
            program = torch.export.export(model, (example,), dynamic_shapes={name: {0: rows}})
        finally:
            for part in training:
                part.training = True
        with open(path, "wb") as file:
            torch.export.save(program, file)
    else:
        raise ValueError(f"path must end in .pt or .pt2: {path}")


def load_model(path):
    kind = pathlib.PurePath(path).suffix
    if kind == ".pt":
        model = torch.jit.load(str(path), map_location="cpu")
        model.eval()
        return model
    if kind == ".pt2":
        with open(path, "rb") as file:
            return torch.export.load(file).module()
    raise ValueError(f"path must end in .pt or .pt2: {path}")
