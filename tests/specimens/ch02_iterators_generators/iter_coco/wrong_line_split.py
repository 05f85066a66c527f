# wrong: takes every line for a row  [test_pretty]
import json
import os


def iter_coco(path, key="annotations"):
    os.stat(path)
    return rows(path, key)


def rows(path, key):
    with open(path, encoding="utf-8") as file:
        inside = False
        for line in file:
            line = line.strip().rstrip(",")
            if line.startswith(f'"{key}"'):
                inside = True
            elif inside and line.startswith("]"):
                return
            elif inside:
                yield json.loads(line)
    raise KeyError(key)
