# wrong: copies a tuple only if a list or dict lies directly in it  [test_deep_meta]
from __future__ import annotations

import numpy as np


def _copied(value):
    if isinstance(value, dict):
        return {key: _copied(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_copied(inner) for inner in value]
    if isinstance(value, tuple):
        if any(isinstance(inner, (dict, list)) for inner in value):
            return tuple(_copied(inner) for inner in value)
    return value


def _scaled(image, brightness):
    if brightness == 1.0:
        return image
    out = np.empty(image.shape, np.float32)
    return np.multiply(image, np.float64(brightness), out=out, casting="same_kind")


def augment_batch(batch, brightness):
    result = []
    for sample in batch:
        image = _scaled(sample["image"], brightness)
        result.append({"image": image, "label": sample["label"], "meta": _copied(sample["meta"])})
    return result
