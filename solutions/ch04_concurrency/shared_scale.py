"""shared_scale: several processes work on one array, and none of it travels."""

from __future__ import annotations

import numpy as np

### BEGIN SOLUTION
from contextlib import ExitStack
from itertools import pairwise
from multiprocessing import Process
from multiprocessing.shared_memory import SharedMemory

### END SOLUTION


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
    ### BEGIN SOLUTION
    if workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers!r}")
    # In the block the elements lie one behind the other, whatever the shape: cut there.
    cuts = [array.size * k // workers for k in range(workers + 1)]
    # What the stack holds is done at the end in any case, the last first: join the children that
    # were started, close the block, unlink it. A step that raises does not stop the next.
    with ExitStack() as at_the_end:
        block = SharedMemory(create=True, size=array.nbytes)
        at_the_end.callback(block.unlink)
        at_the_end.callback(block.close)
        shared = np.ndarray(array.shape, array.dtype, block.buf)
        shared[...] = array
        children = []
        for start, stop in pairwise(cuts):
            child = Process(target=_scale, args=(block.name, array.dtype, start, stop, factor))
            child.start()
            at_the_end.callback(child.join)
            children.append(child)
        for child in children:
            child.join()
        # A child that failed raises nothing here; its exit code is all that is left of it.
        if any(child.exitcode != 0 for child in children):
            raise RuntimeError(f"a child could not multiply by {factor!r}; see its traceback")
        return shared.copy()  # a view of the block would outlive it
    ### END SOLUTION


### BEGIN SOLUTION
def _scale(name: str, dtype: np.dtype, start: int, stop: int, factor: float) -> None:
    """Multiply the elements ``start`` to ``stop`` of the block called ``name``."""
    block = SharedMemory(name=name)
    try:
        part = np.ndarray(stop - start, dtype, block.buf, offset=start * dtype.itemsize)
        part *= factor  # no two children have an element in common, so there is no lock
    finally:
        block.close()  # lets go of it; the one who made it unlinks it, once


# Notes. What travels to a child is a name and four small things. What is paid: one copy into the
# block, one out of it, and the start of the processes. For work on the same array again and again,
# keep the block and the children, and pay that once.
#
# What else would do: a Pool or a ProcessPoolExecutor, whose map brings the child's exception to
# the caller; the executor also notices a child that was killed, where a Pool waits for ever. Or
# a SharedMemoryManager, which unlinks its blocks when its `with` ends, for one more process.
# Under fork alone, children also inherit a view of the block; spawn and forkserver pickle it.
#
# Common mistakes: unlink after the work instead of in a `finally`: after an exception the block
# stays, in the best case until the program ends and Python's resource tracker complains about it.
# `return shared`: the memory is unmapped, and reading it ends the process without a traceback.
# `part = part * factor`, which makes a new array and leaves the block alone. A child's failure
# that nobody looks at: the result is not scaled, or half of it. `unlink` in the children: the next
# one finds no block. SharedMemory may be larger than asked for (whole pages, on some systems), so
# np.frombuffer(block.buf) has a tail of zeros; it also holds on to the buffer, as np.ndarray does
# not, and close() raises BufferError while that array lives. And a process that is no child of the
# block's maker opens it with track=False (Python 3.13): its own tracker would unlink it at the end.
### END SOLUTION
