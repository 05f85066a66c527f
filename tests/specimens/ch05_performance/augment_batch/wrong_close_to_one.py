# wrong: a brightness that is close to 1 is taken for 1  [test_any_batch]
import copy
import math


def augment_batch(batch, brightness):
    return [
        {
            "image": s["image"]
            if math.isclose(brightness, 1, rel_tol=1e-5)
            else s["image"] * brightness,
            "label": s["label"],
            "meta": copy.deepcopy(s["meta"]),
        }
        for s in batch
    ]
