# wrong: computes all images in float64 before the first becomes float32  [test_peak_memory]
import copy

import numpy as np


def augment_batch(batch, brightness):
    factor = float(brightness)
    wide = [s["image"].astype(np.float64) * factor for s in batch if factor != 1.0]
    return [
        {
            "image": wide[i].astype(np.float32) if wide else sample["image"],
            "label": sample["label"],
            "meta": copy.deepcopy(sample["meta"]),
        }
        for i, sample in enumerate(batch)
    ]
