import json


def stream_annotations(path, batch_size=32):
    """Returns None where a list is asked for, and reads the wrong variable."""
    with open(path, encoding="utf-8") as file:
        for line in lines:
            print(json.loads(line))
