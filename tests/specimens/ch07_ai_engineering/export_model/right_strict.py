# right: a strict export (through Dynamo), Dim.AUTO, endings compared as text
import copy

import torch


def export_model(model: torch.nn.Module, example: torch.Tensor, path) -> None:
    name = str(path)
    twin = copy.deepcopy(model)
    twin.eval()
    match name.rpartition(".")[2] if "." in name else "":
        case "pt":
            twin.requires_grad_(False)
            torch.jit.save(torch.jit.script(twin), name)
        case "pt2":
            any_size = torch.export.Dim.AUTO
            exported = torch.export.export(
                twin, (example,), dynamic_shapes=({0: any_size},), strict=True
            )
            torch.export.save(exported, name)
        case other:
            raise ValueError(f"path ends in {other!r}, not in 'pt' or 'pt2'")


def load_model(path):
    name = str(path)
    if name.endswith(".pt"):
        model = torch.jit.load(name)
    elif name.endswith(".pt2"):
        model = torch.export.load(name).module()
    else:
        raise ValueError(f"not a .pt or .pt2 file: {name}")

    def call(batch):
        with torch.no_grad():
            return model(batch)

    return call
