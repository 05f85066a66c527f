# right: computes in float64, one image at a time, and shares what turns out to be the same
import copy

import numpy as np


def augment_batch(batch: list[dict], brightness: float) -> list[dict]:
    result = []
    for sample in batch:
        new = copy.copy(sample)
        new["meta"] = copy.deepcopy(new["meta"])
        product = np.multiply(sample["image"], brightness, dtype=np.float64).astype("float32")
        if not np.array_equal(product, sample["image"]):
            new["image"] = product
        result.append(new)
    return result
