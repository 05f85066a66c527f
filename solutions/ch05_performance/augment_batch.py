"""augment_batch: brighter images, and nobody else's data changed."""

from __future__ import annotations

from typing import Any

import numpy as np

### BEGIN SOLUTION
import copy

### END SOLUTION


def augment_batch(batch: list[dict[str, Any]], brightness: float) -> list[dict[str, Any]]:
    """A new batch with brighter (or darker) images; the one that was given stays as it is.

    >>> image = np.array([[0.5, 0.75]], dtype=np.float32)
    >>> batch = [{"image": image, "label": 3, "meta": {"path": "3.png", "boxes": [[0, 1]]}}]
    >>> [sample] = augment_batch(batch, 2.0)
    >>> sample["image"].tolist()
    [[1.0, 1.5]]
    >>> sample["meta"]["boxes"].append([1, 2])
    >>> batch[0]["image"].tolist(), batch[0]["meta"]["boxes"]
    ([[0.5, 0.75]], [[0, 1]])

    The result is a new list of new dicts, one for each sample, in the same order:

    * ``image`` is the sample's image multiplied by ``brightness``, again float32 and of the same
      shape, in memory of its own. Values are not clipped: they may be larger than 1. Where
      ``brightness`` is 1.0 no image changes, and each sample of the result has the very array
      of the original.
    * ``label`` is the sample's label.
    * ``meta`` is equal to the sample's meta and the new batch's own, for every brightness: the
      caller may change anything in it, at any depth, and the original does not notice.

    Nothing in ``batch`` is changed, and an image may be read-only.

    At its peak the call takes at most 1.2x the memory of the images that it makes. With brightness
    1.0 it makes none, and takes at most 0.2x the memory of those that it was given.

    Args:
        batch: samples, each a dict with exactly these keys: ``image`` (a float32 array of one or
            more dimensions; images of one batch may differ in shape), ``label`` (an int) and
            ``meta`` (a dict of numbers, strings, bools, None, and dicts, lists and tuples of
            these, nested to any depth). There may be no samples at all.
        brightness: the factor, 0.0 or more.
    """
    ### BEGIN SOLUTION
    # The dict is copied one level deep, and then each part gets the copy that it needs: the image
    # a computed one or none, the small meta a deep one, the label (an int) none.
    return [
        {
            **sample,
            "image": _brighter(sample["image"], brightness),
            "meta": copy.deepcopy(sample["meta"]),
        }
        for sample in batch
    ]
    ### END SOLUTION


### BEGIN SOLUTION
def _brighter(image: np.ndarray, brightness: float) -> np.ndarray:
    """The image times the factor; the image itself where that changes nothing."""
    return image if brightness == 1.0 else image * brightness


# Notes. copy.deepcopy(batch) followed by `*=` is right about the originals as well. It copies every
# pixel, only to overwrite it, and copies all of them where nothing changes. dict(sample) or
# copy.copy(sample) alone is the opposite: nothing but the outer dict is new.
#
# deepcopy can be told what to share. It keeps a memo of what it has copied, by id, and an image
# that is in there already is not copied again:
# copy.deepcopy(batch, {id(s["image"]): s["image"] for s in batch}).
#
# dict(sample["meta"]) is a copy of one level: enough until somebody puts a list into meta. A way
# through JSON is deep, but it makes lists of tuples and strings of integer keys.
#
# A Python float leaves float32 as it is. A NumPy float64 (an element of an array of factors)
# makes float64 of it since NumPy 2, twice the memory: say float(brightness) where you cannot know.
#
# Sharing has a price: whoever writes into a shared image writes into the data set. That is why
# functions like this one compute new images instead of changing what they are given.
### END SOLUTION
