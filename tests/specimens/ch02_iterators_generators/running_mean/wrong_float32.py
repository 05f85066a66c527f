# wrong: the sum is a float32  [test_precision]
import struct


def _float32(x):
    return struct.unpack("f", struct.pack("f", x))[0]


def running_mean(values):
    total = 0.0
    for n, value in enumerate(values, 1):
        total = _float32(total + _float32(value))
        yield total / n
