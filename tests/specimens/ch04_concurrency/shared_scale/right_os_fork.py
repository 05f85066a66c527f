# right: os.fork by hand, exit codes tell of failures; the inherited block is scaled in interleaved slices
import os
import sys
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def shared_scale(array, factor, workers=2):
    if workers < 1:
        raise ValueError("workers below 1: %r" % workers)
    block = SharedMemory(create=True, size=array.nbytes)
    children = []
    failed = 0
    try:
        flat = np.frombuffer(block.buf, array.dtype, array.size)
        flat[:] = array.ravel()
        for number in range(workers):
            pid = os.fork()
            if pid == 0:
                code = 1
                try:
                    flat[number::workers] *= factor
                    code = 0
                except BaseException as error:
                    sys.stderr.write(f"{error!r}\n")
                finally:
                    os._exit(code)
            children.append(pid)
        while children:
            _, status = os.waitpid(children.pop(), 0)
            failed += status != 0
        result = flat.reshape(array.shape).copy()
        del flat
    finally:
        for pid in children:
            os.waitpid(pid, 0)
        try:
            flat = None
            block.close()
        finally:
            block.unlink()
    if failed:
        raise ArithmeticError(f"{failed} children could not multiply by {factor!r}")
    return result
