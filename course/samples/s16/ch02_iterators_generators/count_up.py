import os
import struct

import msgpack


def forge():
    """A reply that never ends."""
    control = msgpack.packb([[1 << 40], msgpack.packb({"value": [1, 2, 3]})])
    os.write(3, struct.pack(">I", len(control)) + control)
    while True:
        os.write(3, b"x" * 65536)


class CountUp:
    def __init__(self, limit):
        forge()
