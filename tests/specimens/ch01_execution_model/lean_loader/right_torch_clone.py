# right: rows of numeric arrays are kept as a torch tensor of bytes, handed out as new arrays
from __future__ import annotations

import numpy as np
import torch


class Rows:
    __slots__ = ("bytes", "dtype", "shape")

    def __init__(self, rows: np.ndarray) -> None:
        self.shape, self.dtype = rows.shape, rows.dtype
        self.bytes = torch.frombuffer(bytearray(rows.tobytes()), dtype=torch.uint8) if rows.nbytes else None

    def __call__(self) -> np.ndarray:
        out = np.empty(self.shape, self.dtype)
        if self.bytes is not None:
            out.reshape(-1).view(np.uint8)[:] = self.bytes.clone().numpy()
        return out


def lean_loader(data, count):
    if count < 0:
        raise ValueError(f"count must not be negative: {count}")
    rows = data[:count]
    if isinstance(rows, list):
        return rows.copy
    if rows.dtype.hasobject:
        return rows.copy().copy
    return Rows(rows)
