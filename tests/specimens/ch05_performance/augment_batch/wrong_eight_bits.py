# wrong: the pixels pass through 8 bits  [test_any_batch]
import copy

import numpy as np


def augment_batch(batch, brightness):
    factor = float(brightness)
    return [
        {
            "image": sample["image"]
            if factor == 1.0
            else np.float32(np.rint(sample["image"] * 255) / 255) * factor,
            "label": sample["label"],
            "meta": copy.deepcopy(sample["meta"]),
        }
        for sample in batch
    ]
