# right: goes through the bytes with a regular expression for brackets and strings; json.loads each row
import json
import re
from pathlib import Path

# In UTF-8 no byte of a longer character looks like one of these.
TOKEN = re.compile(rb'["\\{}\[\],:]')


class Coco:
    def __init__(self, path, key):
        self.generator = self.walk(Path(path), key)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.generator)

    def close(self):
        self.generator.close()

    def walk(self, path, key):
        depth, quoted, skip = 0, False, False
        string = bytearray()  # the last string at depth 1
        name, wanted, seen = None, False, False
        row = bytearray()
        with path.open("rb") as file:
            while block := file.read(1 << 15):
                at = 0
                if skip:  # a backslash was the last byte of the last block
                    self.keep(row, string, wanted, depth, quoted, block[:1])
                    at, skip = 1, False
                while match := TOKEN.search(block, at):
                    i = match.start()
                    token = block[i : i + 1]
                    self.keep(row, string, wanted, depth, quoted, block[at:i])
                    at = i + 1
                    if quoted:
                        if token == b'"':
                            quoted = False
                        self.keep(row, string, wanted, depth, True, token)
                        if token == b"\\":
                            self.keep(row, string, wanted, depth, True, block[at : at + 1])
                            skip = at == len(block)
                            at += 1
                    elif token == b'"':
                        quoted = True
                        if depth == 1:
                            string.clear()
                        self.keep(row, string, wanted, depth, True, token)
                    elif token in b"{[":
                        depth += 1
                        if depth == 2 and token == b"[" and name == key:
                            wanted = True
                        elif depth == 3:
                            row.clear()
                            row += token
                        else:
                            self.keep(row, string, wanted, depth, quoted, token)
                    elif token in b"}]":
                        self.keep(row, string, wanted, depth, quoted, token)
                        depth -= 1
                        if wanted and depth == 2:
                            yield json.loads(row)
                        elif wanted and depth == 1:
                            return
                        seen = depth == 0
                    elif token == b":" and depth == 1:
                        name = json.loads(string)
                    else:
                        self.keep(row, string, wanted, depth, quoted, token)
                self.keep(row, string, wanted, depth, quoted, block[at:])
        if seen:
            raise KeyError(key)
        raise ValueError(f"{path} is cut off")

    @staticmethod
    def keep(row, string, wanted, depth, quoted, part):
        if depth == 1 and quoted:
            string += part
        elif wanted and depth > 2:
            row += part


def iter_coco(path, key="annotations"):
    Path(path).stat()
    return Coco(path, key)
