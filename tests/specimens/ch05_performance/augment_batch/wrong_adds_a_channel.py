# wrong: images without channels get one  [test_any_batch]
import copy

import numpy as np


def augment_batch(batch, brightness):
    factor = float(brightness)
    return [
        {
            "image": sample["image"] if factor == 1.0 else np.atleast_3d(sample["image"] * factor),
            "label": sample["label"],
            "meta": copy.deepcopy(sample["meta"]),
        }
        for sample in batch
    ]
