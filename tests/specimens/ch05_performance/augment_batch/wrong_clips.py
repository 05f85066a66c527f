# wrong: clips to [0, 1]  [test_any_batch]
import copy

import numpy as np


def augment_batch(batch, brightness):
    def brighter(image):
        if brightness == 1.0:
            return image
        return np.clip(image * brightness, 0, 1)

    return [
        {**s, "image": brighter(s["image"]), "meta": copy.deepcopy(s["meta"])} for s in batch
    ]
