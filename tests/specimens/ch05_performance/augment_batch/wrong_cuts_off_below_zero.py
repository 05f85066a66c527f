# wrong: negative pixels become 0  [test_any_batch]
import copy

import numpy as np


def augment_batch(batch, brightness):
    return [
        {
            "image": s["image"]
            if brightness == 1
            else np.maximum(s["image"] * np.float32(brightness), 0),
            "label": s["label"],
            "meta": copy.deepcopy(s["meta"]),
        }
        for s in batch
    ]
