# wrong: counts braces, also those that stand in strings  [test_brackets_in_strings]
import json
import os


def iter_coco(path, key="annotations"):
    os.stat(path)
    return rows(path, key)


def rows(path, key):
    with open(path, encoding="utf-8") as file:
        text = ""
        while f'"{key}"' not in text:
            piece = file.read(4096)
            if not piece:
                raise KeyError(key)
            text = text[-len(key) - 2 :] + piece
        text = text[text.index(f'"{key}"') + len(key) + 2 :].lstrip(": \t\r\n")[1:]
        depth, row = 0, []
        while text:
            for c in text:
                if c == "{":
                    depth += 1
                if depth:
                    row.append(c)
                elif c == "]":
                    return
                if c == "}":
                    depth -= 1
                    if depth == 0:
                        yield json.loads("".join(row))
                        row.clear()
            text = file.read(4096)
        raise ValueError("cut off")
