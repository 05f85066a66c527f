# wrong: gives an object to loop over, not an iterator  [test_compact]
import json
import os


def iter_coco(path, key="annotations"):
    if not os.path.exists(path):
        raise FileNotFoundError(path)
    return Rows(path, key)


class Rows:
    def __init__(self, *arguments):
        self.arguments = arguments

    def __iter__(self):
        return scan(*self.arguments)


def scan(path, key):
    decoder = json.JSONDecoder()
    with open(path, encoding="utf-8") as file:
        buffer, ended = "", False

        def fill():
            nonlocal buffer, ended
            chunk = file.read(32 * 1024)
            ended = chunk == ""
            buffer += chunk

        def first():
            nonlocal buffer
            buffer = buffer.lstrip(" \t\r\n")
            while not buffer:
                fill()
                if ended:
                    raise ValueError("unexpected end of file")
                buffer = buffer.lstrip(" \t\r\n")
            return buffer[0]

        def expect(*characters):
            nonlocal buffer
            c = first()
            if c not in characters:
                raise ValueError(f"expected one of {characters}, found {c!r}")
            buffer = buffer[1:]
            return c

        def parse():
            nonlocal buffer
            start = first()
            while True:
                try:
                    value, end = decoder.raw_decode(buffer)
                    # a number or a word needs something after it
                    if start in '{["' or end + 4 < len(buffer) or ended:
                        buffer = buffer[end:]
                        return value
                except json.JSONDecodeError:
                    if ended:
                        raise
                fill()

        def array():
            expect("[")
            if first() == "]":
                expect("]")
                return
            while True:
                yield parse()
                if expect(",", "]") == "]":
                    return

        expect("{")
        if first() != "}":
            while True:
                name = parse()
                expect(":")
                if name == key:
                    yield from array()
                    return
                if first() == "[":
                    for _ in array():
                        pass
                else:
                    parse()
                if expect(",", "}") == "}":
                    break
    raise KeyError(key)
