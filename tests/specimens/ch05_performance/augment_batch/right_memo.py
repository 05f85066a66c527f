# right: deepcopy of all, told to share the images; those that change are replaced
from copy import deepcopy


def augment_batch(batch, brightness):
    images = {id(sample["image"]): sample["image"] for sample in batch}
    result = deepcopy(batch, images)
    if brightness != 1.0:
        for sample in result:
            sample["image"] = sample["image"] * float(brightness)
    return result
