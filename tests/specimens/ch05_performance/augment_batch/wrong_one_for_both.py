# wrong: an array in two samples becomes one new array  [test_images_have_memory_of_their_own]
import copy

import numpy as np


def augment_batch(batch, brightness):
    made = {}
    for sample in batch:
        image = sample["image"]
        if id(image) not in made:
            made[id(image)] = image if brightness == 1.0 else image * np.float32(brightness)
    return [
        {**sample, "image": made[id(sample["image"])], "meta": copy.deepcopy(sample["meta"])}
        for sample in batch
    ]
