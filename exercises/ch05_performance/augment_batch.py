"""augment_batch: brighter images, and the data set stays as it is."""

from __future__ import annotations

from typing import Any

import numpy as np


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

    The result is a new list of new dicts. There is one for each sample, in the same order:

    * ``image`` is the sample's image multiplied by ``brightness``; each value is right to 1e-5 of
      it. It is float32, whatever kind of number ``brightness`` is. It has the same shape. It lies
      in memory of its own. Values are not clipped: they may be larger than 1, or below 0.
    * If ``brightness`` is exactly 1.0, ``image`` is the very array of the original instead.
    * ``label`` is the sample's label.
    * ``meta`` is equal to the sample's meta. It shares no dict or list with it, at any depth and
      for every ``brightness``: the caller may change anything in it.

    Nothing in ``batch`` is changed.

    For 30 images or more, all of one size of 500 kB or more and with small metas, the call takes
    at its peak at most 1.2x the memory of the images that it makes. With brightness 1.0 it takes
    at most 0.2x the memory of the images that it was given.

    Args:
        batch: samples, each a dict with exactly these keys: ``image`` (a float32 array of one or
            more dimensions, of any strides, which may be read-only; images of one batch may differ
            in shape, and two samples may have the same one), ``label`` (an int) and ``meta`` (a
            dict of finite numbers, strings, bools, None, and dicts, lists and tuples of these,
            nested up to 20 deep, the meta counted; each sample has its own). There may be no
            samples.
        brightness: the factor, 0 or from 0.001 to 100: an int, a float or a NumPy float
            (``np.float64(2)``).
    """
    raise NotImplementedError("augment_batch: write your solution here")
