"""Augmented: another augmentation in each epoch, and the same ones in each run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from torch.utils.data import Dataset


class Augmented(Dataset):
    """The samples of ``dataset``, augmented anew in each epoch.

    An ``Augmented`` is as long as ``dataset``, and ``augmented[index]`` is
    ``augment(dataset[index], rng)``. ``rng`` is a ``numpy.random.Generator`` for that one call.
    Its numbers depend on the ``seed``, on the epoch and on the index, and on nothing else:

    * Not on what was read before: samples may be read in any order, and more than once.
    * Not on the process: another run gives the same, and so do the workers of a ``DataLoader``,
      however many there are. (Workers that outlive an epoch, ``persistent_workers=True``, do not
      hear of ``set_epoch`` and are not asked for.)
    * Not on the global generators of ``random``, NumPy and torch, which are not touched either.

    (The length of ``dataset``, which does not change, may play a part as well.)

    Under one seed, each pair of epoch and index has random numbers of its own: none of them comes
    up again for another sample, in that epoch or in another one. Another seed gives other numbers.
    (Seeds of 32 bits that come from a hash are good enough, although two of them may be equal.)

    ``dataset`` has a length and is indexed from 0. It is read when a sample is asked for, and no
    sooner. What it raises below its length passes unchanged, and so does what ``augment`` raises: a
    plain loop ends where ``dataset`` raises ``IndexError``. ``seed``, epochs and indices are ints
    from 0 to ``2**32 - 1``.

    An object can be pickled if ``dataset`` and ``augment`` can (workers that are not forked need
    that), and the copy is in the same epoch.

    >>> def shifted(sample, rng):
    ...     return sample + rng.uniform(-0.5, 0.5)
    >>> augmented = Augmented([10.0, 20.0, 30.0], shifted, seed=7)
    >>> len(augmented)
    3
    >>> round(augmented[1], -1)
    20.0
    >>> first = augmented[1]
    >>> augmented[1] == first
    True
    >>> augmented.set_epoch(1)
    >>> augmented[1] == first
    False
    """

    def __init__(
        self, dataset: Any, augment: Callable[[Any, np.random.Generator], Any], seed: int
    ) -> None:
        ### BEGIN SOLUTION
        self._dataset = dataset
        self._augment = augment
        self._seed = seed
        self._epoch = 0
        ### END SOLUTION

    def set_epoch(self, n: int) -> None:
        """Go to epoch ``n``, forwards or back.

        A new object is in epoch 0. Call this before the loop over the loader begins.
        """
        ### BEGIN SOLUTION
        self._epoch = n
        ### END SOLUTION

    def __len__(self) -> int:
        ### BEGIN SOLUTION
        return len(self._dataset)
        ### END SOLUTION

    def __getitem__(self, index: int) -> Any:
        ### BEGIN SOLUTION
        # Three plain numbers are all the state there is, so that a copy in a worker is as good as
        # this object. NumPy stirs them well: neighbours get streams that have nothing in common.
        rng = np.random.default_rng((self._seed, self._epoch, index))
        return self._augment(self._dataset[index], rng)
        ### END SOLUTION


### BEGIN SOLUTION
# Notes. Making a generator costs tens of microseconds: little beside decoding an image, much beside
# reading a row of an array. A hash of the three numbers, hashlib's, is a seed for the generators of
# other libraries.
#
# np.random.SeedSequence(seed, spawn_key=(epoch, index)) says the same as the tuple, and takes seeds
# of up to 128 bits. A tuple takes numbers of up to 32 bits: of larger ones it makes several words
# each, and (2**32 + 5, 7, 0) is the same as (5, 1, 7).
#
# Persistent workers keep the copy of the data set that they were started with. An epoch in shared
# memory (multiprocessing.Value, or a tensor after share_memory_()) reaches them. Another way is a
# sampler that hands out pairs (epoch, index): what the sampler says is sent with every request.
#
# Common mistakes: one generator, made in __init__ or in set_epoch (every worker has a copy of it,
# and who comes first changes what the others get); seed + epoch + index (sample 1 of this epoch
# gets what sample 0 gets in the next); hash() of a text, which is another number in each process;
# torch.initial_seed() or the worker's id (the result depends on how many workers there are).
### END SOLUTION
