import os
import struct

import msgpack


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    """A reply nested a million deep."""
    control = msgpack.packb([[], b"\x81\xa5value" + b"\x91" * 1_000_000 + b"\xc0"])
    os.write(3, struct.pack(">I", len(control)) + control)
    os._exit(0)
