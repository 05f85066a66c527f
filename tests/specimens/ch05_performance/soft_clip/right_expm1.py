# right: float64 and expm1 for both libraries, chosen as xp; the slowest honest way that was found
from __future__ import annotations

import numpy as np
import torch


def _formula(xp, t, limit):
    """limit * tanh(t): -expm1(-2|t|) / (2 + expm1(-2|t|)), with the sign of t."""
    e = xp.expm1(-2.0 * xp.abs(t))
    return xp.copysign(limit * (-e / (2.0 + e)), t)


def soft_clip(x, limit):
    limit = float(limit)
    if torch.is_tensor(x):
        wide = x.double()
        t = wide / limit
        return torch.where(torch.abs(t) > 1e-9, _formula(torch, t, limit), wide + 0.0 * t).where(
            ~torch.isnan(wide), wide
        ).to(x.dtype)
    with np.errstate(all="ignore"):
        wide = np.asarray(x, dtype="float64")
        t = wide / limit
        result = np.where(np.abs(t) > 1e-9, _formula(np, t, limit), wide)
    return result.astype(x.dtype, copy=True)
