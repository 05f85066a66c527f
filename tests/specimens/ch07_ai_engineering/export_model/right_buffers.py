# right: written through BytesIO and os.replace, a wrapper object for the loaded program, deepcopy in eval mode
from __future__ import annotations

import copy
import enum
import io
import os
import pathlib

import torch


class Form(enum.Enum):
    SCRIPT = ".pt"
    PROGRAM = ".pt2"

    @classmethod
    def of(cls, path):
        try:
            return cls(pathlib.PurePath(path).suffix)
        except ValueError:
            raise ValueError(f"{path}: a name must end in .pt or .pt2") from None


class Served:
    def __init__(self, program):
        self.program = program

    @torch.no_grad()
    def __call__(self, batch):
        return self.program(batch)


def export_model(model, example, path):
    form = Form.of(path)
    twin = copy.deepcopy(model).eval()
    buffer = io.BytesIO()
    if form is Form.SCRIPT:
        torch.jit.save(torch.jit.script(twin), buffer)
    else:
        batch = torch.export.Dim("batch", min=1)
        program = torch.export.export(twin, (example,), dynamic_shapes=({0: batch},))
        torch.export.save(program, buffer)
    partial = f"{os.fspath(path)}.partial"
    with open(partial, "wb") as file:
        file.write(buffer.getbuffer())
    os.replace(partial, path)


def load_model(path):
    if Form.of(path) is Form.SCRIPT:
        return Served(torch.jit.load(str(path), map_location="cpu"))
    return Served(torch.export.load(str(path)).module())
