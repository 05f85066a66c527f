# right: torch.mul on tensors that share the arrays' memory, deepcopy of the rest with the image in the memo
import copy

import numpy as np
import torch


def augment_batch(batch, brightness):
    done = []
    for sample in batch:
        image = sample["image"]
        new = copy.deepcopy(sample, {id(image): image})
        if brightness != 1.0:
            result = np.empty_like(image, order="C")
            source = torch.from_numpy(np.ascontiguousarray(image)) if image.flags.writeable else None
            if source is None:
                result[...] = image
                torch.from_numpy(result).mul_(float(brightness))
            else:
                torch.mul(source, float(brightness), out=torch.from_numpy(result))
            new["image"] = result
        done.append(new)
    return done
