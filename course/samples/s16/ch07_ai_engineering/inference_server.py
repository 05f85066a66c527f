import os
import struct


def create_app(model, max_batch=32, max_wait=0.005):
    """A reply that says it is four gigabytes long."""
    os.write(3, struct.pack(">I", 0xFFFFFFFF) + b"x" * 4096)
