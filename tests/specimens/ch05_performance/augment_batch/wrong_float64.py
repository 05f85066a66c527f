# wrong: the factor is a NumPy float64, and so the images become float64  [test_any_batch]
import copy

import numpy as np


def augment_batch(batch, brightness):
    factor = np.float64(brightness)
    result = []
    for sample in batch:
        image = sample["image"] if factor == 1 else sample["image"] * factor
        result.append({**sample, "image": image, "meta": copy.deepcopy(sample["meta"])})
    return result
