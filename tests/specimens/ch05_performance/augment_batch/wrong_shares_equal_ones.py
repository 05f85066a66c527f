# wrong: shares each image that comes out as it was, black ones too  [test_images_have_memory_of_their_own]
import copy

import numpy as np


def augment_batch(batch, brightness):
    factor = float(brightness)
    return [
        {
            "image": _brighter(sample["image"], factor),
            "label": sample["label"],
            "meta": copy.deepcopy(sample["meta"]),
        }
        for sample in batch
    ]


def _brighter(image, factor):
    product = image * factor
    return image if np.array_equal(product, image) else product
