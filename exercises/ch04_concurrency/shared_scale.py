"""shared_scale: several processes work on one array, and none of it travels."""

from __future__ import annotations

import numpy as np


def shared_scale(array: np.ndarray, factor: float, workers: int = 2) -> np.ndarray:
    """Multiply ``array`` by ``factor`` in ``workers`` child processes, through shared memory.

    >>> shared_scale(np.array([1.0, 2.0, 3.0]), 10.0)
    array([10., 20., 30.])

    The array is copied into a block of ``multiprocessing.shared_memory.SharedMemory``, one
    block of its size; ``workers`` children multiply it in place there at the same time, each a
    part of it, and the calling process multiplies nothing. The array's bytes, before or after,
    go through no queue, pipe or pickle.

    ``array`` has at least one dimension and one element; it may be of any shape and numeric
    dtype, contiguous or not, and have fewer elements than there are workers. The result is a
    new array of the same shape and dtype, with memory of its own: it stays good when the block
    is gone. ``array`` itself is left as it is.

    When the call ends, the block is gone from the system (unlinked) and no child runs any more.
    That holds also when ``factor`` cannot multiply the array, a text for example, and a child
    fails. The caller hears of that by an exception; of which type is up to you.

    It costs at most 0.6 times what it costs to send the parts to the children and back through
    queues: CPU time of all processes on an array of 16 MB, their start not counted.

    Raises ``ValueError`` if ``workers`` is below 1.
    """
    raise NotImplementedError("shared_scale: write your solution here")
