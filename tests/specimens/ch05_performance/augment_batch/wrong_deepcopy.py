# wrong: deepcopy of all, then in place  [test_unchanged_images_are_shared]
from copy import deepcopy


def augment_batch(batch, brightness):
    result = deepcopy(batch)
    for sample in result:
        sample["image"] *= brightness
    return result
