import sys

while True:  # a debug print that was left in a loop
    sys.stdout.write("still reading, still reading, still reading\n" * 1000)


def stream_annotations(path, batch_size=32):
    yield []
