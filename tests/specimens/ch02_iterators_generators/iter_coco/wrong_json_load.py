# wrong: json.load of the whole document, behind a generator  [test_memory]
import json
import os


def iter_coco(path, key="annotations"):
    os.stat(path)

    def rows():
        with open(path, encoding="utf-8") as file:
            yield from json.load(file)[key]

    return rows()
