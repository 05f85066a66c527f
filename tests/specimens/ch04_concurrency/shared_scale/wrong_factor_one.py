# wrong: a factor equal to 1 is answered with a plain copy: no block, no children  [test_block_is_gone]
from __future__ import annotations

import multiprocessing
from multiprocessing.shared_memory import SharedMemory

import numpy as np


def _scale_part(name, dtype, start, count, factor):
    block = SharedMemory(name=name)
    try:
        part = np.frombuffer(block.buf, dtype, count, start * dtype.itemsize)
        try:
            part *= factor
        finally:
            del part
    finally:
        block.close()


def shared_scale(array: np.ndarray, factor: float, workers: int = 2) -> np.ndarray:
    if workers < 1:
        raise ValueError(f"workers must be at least 1, not {workers}")
    if isinstance(factor, (int, float)) and factor == 1:
        return np.array(array)
    block = SharedMemory(create=True, size=array.nbytes)
    children = []
    view = None
    try:
        view = np.ndarray(array.shape, array.dtype, buffer=block.buf)
        view[...] = array
        bounds = [array.size * i // workers for i in range(workers + 1)]
        for low, high in zip(bounds, bounds[1:]):
            if low < high:
                child = multiprocessing.Process(
                    target=_scale_part, args=(block.name, array.dtype, low, high - low, factor)
                )
                child.start()
                children.append(child)
        for child in children:
            child.join()
        codes = [child.exitcode for child in children]
        if any(codes):
            raise RuntimeError(f"a child could not multiply its part (exit codes {codes})")
        return view.copy()
    finally:
        for child in children:
            if child.is_alive():
                child.kill()
            child.join()
        view = None
        try:
            block.close()
        finally:
            block.unlink()
