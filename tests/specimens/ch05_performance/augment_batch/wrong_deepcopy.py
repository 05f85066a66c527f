# wrong: deepcopy of all, then in place  [test_unchanged_images_are_shared]
from copy import deepcopy


def augment_batch(batch, brightness):
    result = deepcopy(batch)
    for sample, old in zip(result, batch):
        sample["image"] = deepcopy(old["image"])  # two samples may have the same one
        sample["image"] *= brightness
    return result
