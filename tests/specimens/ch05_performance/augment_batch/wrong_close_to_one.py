# wrong: a brightness that is close to 1 is taken for 1  [test_images_have_memory_of_their_own]
import copy
import math


def augment_batch(batch, brightness):
    factor = float(brightness)
    return [
        {
            "image": sample["image"] if math.isclose(factor, 1.0) else sample["image"] * factor,
            "label": sample["label"],
            "meta": copy.deepcopy(sample["meta"]),
        }
        for sample in batch
    ]
