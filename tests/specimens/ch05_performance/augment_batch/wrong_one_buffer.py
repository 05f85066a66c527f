# wrong: images of one shape share a buffer, filled one after the other  [test_images_have_memory_of_their_own]
import copy

import numpy as np


def augment_batch(batch, brightness):
    buffers, result = {}, []
    for sample in batch:
        new = {**sample, "meta": copy.deepcopy(sample["meta"])}
        if brightness != 1.0:
            old = sample["image"]
            buffer = buffers.setdefault(old.shape, np.empty(old.shape, np.float32))
            new["image"] = np.multiply(old, brightness, out=buffer)
        result.append(new)
    return result
