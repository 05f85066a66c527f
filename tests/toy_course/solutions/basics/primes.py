### BEGIN SOLUTION
import numpy as np

### END SOLUTION


def primes(limit):
    """The primes below ``limit``, as an int64 array."""
    ### BEGIN SOLUTION
    sieve = np.ones(max(limit, 2), dtype=bool)
    sieve[:2] = False
    for n in range(2, int(max(limit, 2) ** 0.5) + 1):
        if sieve[n]:
            sieve[n * n :: n] = False
    return np.flatnonzero(sieve[:limit] if limit > 0 else sieve[:0])
    ### END SOLUTION
