# right: all metas through pickle, products cast once more to float32
import pickle

import numpy as np


class Augmenter:
    def __init__(self, brightness: float):
        self.brightness = brightness

    def image(self, image: np.ndarray) -> np.ndarray:
        return (image * self.brightness).astype(np.float32)

    def __call__(self, batch):
        metas = pickle.loads(pickle.dumps([sample["meta"] for sample in batch]))
        for sample, meta in zip(batch, metas):
            image = sample["image"]
            if self.brightness != 1.0:
                image = self.image(image)
            yield {"image": image, "label": sample["label"], "meta": meta}


def augment_batch(batch, brightness):
    return list(Augmenter(brightness)(batch))
