# right: a SharedMemoryManager that unlinks, and a queue by which children tell of errors
from multiprocessing import Process, SimpleQueue
from multiprocessing.managers import SharedMemoryManager

import numpy as np


class Scaler(Process):
    def __init__(self, block, dtype, low, high, factor, reports):
        super().__init__(daemon=True)
        self.block, self.dtype, self.span = block, dtype, slice(low, high)
        self.factor, self.reports = factor, reports

    def run(self):
        report = None
        try:
            flat = np.frombuffer(self.block.buf, dtype=self.dtype)
            flat[self.span] *= self.factor
        except Exception as error:
            report = str(error)
        self.reports.put(report)


def shared_scale(array, factor, workers=2):
    if workers < 1:
        raise ValueError("at least one worker")
    with SharedMemoryManager() as manager:
        block = manager.SharedMemory(size=array.nbytes)
        block.buf[: array.nbytes] = array.tobytes()
        reports = SimpleQueue()
        edges = np.linspace(0, array.size, workers + 1).astype(int)
        scalers = [
            Scaler(block, array.dtype, int(low), int(high), factor, reports)
            for low, high in zip(edges, edges[1:])
        ]
        for scaler in scalers:
            scaler.start()
        found = [reports.get() for _ in scalers]
        for scaler in scalers:
            scaler.join()
        if any(found):
            raise TypeError("; ".join(text for text in found if text))
        result = np.frombuffer(bytes(block.buf[: array.nbytes]), dtype=array.dtype)
        block.close()
    return result.reshape(array.shape).copy()
