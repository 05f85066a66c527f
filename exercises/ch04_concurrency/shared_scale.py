"""shared_scale: several processes work on one array, and none of it travels."""

from __future__ import annotations

import numpy as np


def shared_scale(array: np.ndarray, factor: float, workers: int = 2) -> np.ndarray:
    """Multiply ``array`` by ``factor`` in ``workers`` child processes, through shared memory.

    >>> shared_scale(np.array([1.0, 2.0, 3.0]), 10.0)
    array([10., 20., 30.])

    The array is copied into one block of ``multiprocessing.shared_memory.SharedMemory``, which is
    as large as the array, or a little larger. ``workers`` children multiply it there in place, each
    a part of it, all at the same time. The calling process multiplies nothing, not even to try the
    factor. The array's bytes, before or after, go through no queue, pipe or pickle.

    ``array`` has at least one dimension and one element. It may be of any shape, contiguous or not,
    and of any dtype of integers, floats or complex numbers, in either byte order. If it has fewer
    than ``workers ** 2`` elements, how many children start is left open. The result is a new array
    of the same shape and dtype, with memory of its own: it stays good when the block is gone.
    ``array`` itself is left as it is.

    ``factor`` is a number that ``array *= factor`` accepts. If a child cannot multiply its part,
    because the factor is a text for example, the call raises an exception, even if no other child
    fails; its type is left open. Factors with a fraction for arrays of integers are not asked for.
    What happens if a child is killed or cannot be started is left open.

    When the call has returned, or raised an ``Exception``, the block is gone from the system
    (unlinked), and no child runs any more.

    It costs at most 0.6 times what it costs to send the parts to the children and back through
    queues: CPU time of all processes on an array of 16 MB, their start not counted.

    Raises ``ValueError`` if ``workers`` is below 1.
    """
    raise NotImplementedError("shared_scale: write your solution here")
