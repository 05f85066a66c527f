# wrong: a file that is cut off ends like a whole one  [test_cut_off]
import codecs
import contextlib
import json
import os


def iter_coco(path, key="annotations"):
    os.stat(path)
    return rows(path, key)


def pieces(path):
    with open(path, "rb") as file:
        yield from codecs.iterdecode(iter(lambda: file.read(20_000), b""), "utf-8")


def rows(path, key):
    source, decode, text = pieces(path), json.JSONDecoder().raw_decode, ""
    name = array = None
    opened = False
    for piece in source:
        text += piece
        while True:
            text = text.lstrip(" \t\r\n,:")
            if not opened:
                text, opened = text.removeprefix("{"), True
                continue
            if array and text.startswith("]"):
                if name == key:
                    return
                text, name, array = text[1:], None, None
                continue
            if not array and text.startswith("}"):
                raise KeyError(key)
            if name is not None and not array and text.startswith("["):
                text, array = text[1:], True
                continue
            with contextlib.suppress(ValueError):
                value, end = decode(text)
                if end + 4 < len(text) or text[end - 1] == "}":
                    text = text[end:]
                    if array:
                        if name == key:
                            yield value
                    elif name is None:
                        name = value
                    else:
                        name = None
                    continue
            break
