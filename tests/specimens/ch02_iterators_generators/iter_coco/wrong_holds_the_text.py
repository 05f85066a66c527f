# wrong: reads the text as a whole, and makes rows of it one by one  [test_memory]
import json
import os
import re

BETWEEN = re.compile(r"[\s,:]*")


def iter_coco(path, key="annotations"):
    os.stat(path)
    return rows(path, key)


def rows(path, key):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    decode = json.JSONDecoder().raw_decode

    def skip(at):
        return BETWEEN.match(text, at).end()

    at = skip(0) + 1
    while text[skip(at)] != "}":
        name, at = decode(text, skip(at))
        at = skip(at)
        if name == key:
            at += 1
            while (at := skip(at)) < len(text) and text[at] != "]":
                row, at = decode(text, at)
                yield row
            if at == len(text):
                raise ValueError("cut off")
            return
        if text[at] == "[":
            at = skip(at + 1)
            while text[at] != "]":
                at = skip(decode(text, at)[1])
            at += 1
        else:
            at = decode(text, at)[1]
    raise KeyError(key)
