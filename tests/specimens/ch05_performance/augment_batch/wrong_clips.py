# wrong: clips to [0, 1]  [test_any_batch]
import copy

import numpy as np


def augment_batch(batch, brightness):
    factor = float(brightness)
    return [
        {
            "image": sample["image"] if factor == 1.0 else np.clip(sample["image"] * factor, 0, 1),
            "label": sample["label"],
            "meta": copy.deepcopy(sample["meta"]),
        }
        for sample in batch
    ]
