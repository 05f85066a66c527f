# right: meta is copied through marshal, images are multiplied into new arrays
from __future__ import annotations

import marshal
from typing import Any, TypedDict

import numpy as np


class Sample(TypedDict):
    image: np.ndarray
    label: int
    meta: dict[str, Any]


def augment_batch(batch: list[dict], brightness: float) -> list[dict]:
    factor = np.float32(brightness)

    def brighter(image):
        if brightness == 1.0:
            return image
        return np.multiply(image, factor, out=np.empty(image.shape, np.float32))

    return [
        dict(
            Sample(
                image=brighter(s["image"]),
                label=s["label"],
                meta=marshal.loads(marshal.dumps(s["meta"])),
            )
        )
        for s in batch
    ]
