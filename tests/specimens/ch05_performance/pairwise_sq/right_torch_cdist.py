# right: torch.cdist in float64 without its product trick, in blocks of rows
from __future__ import annotations

import numpy as np
import torch


def pairwise_sq(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    if a.shape[1] != b.shape[1]:
        raise ValueError(f"a has {a.shape[1]} features, b {b.shape[1]}")
    out = np.empty((len(a), len(b)), a.dtype)
    with torch.no_grad():
        right = torch.tensor(b.copy(), dtype=torch.float64)
        for first in range(0, len(a), 64):
            left = torch.tensor(a[first : first + 64].copy(), dtype=torch.float64)
            found = torch.cdist(left, right, compute_mode="donot_use_mm_for_euclid_dist")
            out[first : first + 64] = found.square_().numpy()
    return out
