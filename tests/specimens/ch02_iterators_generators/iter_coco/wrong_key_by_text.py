# wrong: takes the first text that looks like the key for the key  [test_the_right_array]
import json
import os


def iter_coco(path, key="annotations"):
    os.stat(path)
    return rows(path, json.dumps(key), key)


def rows(path, quoted, key):
    with open(path, encoding="utf-8") as file:
        text = file.read(1 << 16)
        while quoted not in text:
            piece = file.read(1 << 16)
            if not piece:
                raise KeyError(key)
            text = text[-len(quoted) :] + piece
        text = text.partition(quoted)[2] + file.read(1 << 10)
        text = text.lstrip(": \t\r\n")[1:]
        while True:
            text = text.lstrip(", \t\r\n")
            if text.startswith("]"):
                return
            try:
                row, end = json.JSONDecoder().raw_decode(text)
            except json.JSONDecodeError:
                piece = file.read(1 << 16)
                if not piece:
                    raise
                text += piece
            else:
                yield row
                text = text[end:]
