# right: a recursive copy of its own for meta, the image computed into an array made before
import numpy as np


def own(value):
    if isinstance(value, dict):
        return {key: own(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(own(part) for part in value)
    return value


def augment_batch(batch, brightness):
    result = []
    for sample in batch:
        old = sample["image"]
        if brightness == 1:
            image = old
        else:
            image = np.empty_like(old)
            np.multiply(old, np.float32(brightness), out=image)
        result.append(dict(image=image, label=sample["label"], meta=own(sample["meta"])))
    return result
