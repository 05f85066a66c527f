# right: a small JSON parser by hand, one character at a time, which can also pass a value unseen
import json
import os
from collections.abc import Iterator
from typing import Any

SPACE = frozenset(" \t\r\n")


class Characters:
    def __init__(self, file):
        self.source = (c for part in iter(lambda: file.read(8192), "") for c in part)
        self.current = ""
        self.advance()

    def advance(self) -> None:
        self.current = next(self.source, "")

    def skip_space(self) -> None:
        while self.current and self.current in SPACE:
            self.advance()


def copy_value(chars: Characters, out: list[str] | None) -> None:
    """Move over one value; its text goes to ``out`` if there is one."""

    def push(c: str) -> None:
        if out is not None:
            out.append(c)

    chars.skip_space()
    stack = 0
    while True:
        c = chars.current
        if not c:
            raise ValueError("end of file inside a value")
        if c == '"':
            push(c)
            chars.advance()
            while chars.current != '"':
                if chars.current == "\\":
                    push("\\")
                    chars.advance()
                if not chars.current:
                    raise ValueError("end of file inside a string")
                push(chars.current)
                chars.advance()
            push('"')
            chars.advance()
            if not stack:
                return
        elif c in "[{":
            stack += 1
            push(c)
            chars.advance()
        elif c in "]}":
            if not stack:
                return  # the end of a number or a word
            stack -= 1
            push(c)
            if not stack:
                # Not one character further: the row is whole, even where the file ends here.
                chars.advance()
                return
            chars.advance()
        elif not stack and (c == "," or c == ":" or c in SPACE):
            return
        else:
            push(c)
            chars.advance()


def rows(path: Any, key: str) -> Iterator[dict]:
    with open(path, encoding="utf8", newline="") as file:
        chars = Characters(file)
        chars.skip_space()
        chars.advance()
        while True:
            chars.skip_space()
            if chars.current == "}":
                raise KeyError(f"no {key} in {os.fspath(path)}")
            if chars.current == ",":
                chars.advance()
            text: list[str] = []
            copy_value(chars, text)
            chars.skip_space()
            chars.advance()
            chars.skip_space()
            if json.loads("".join(text)) == key:
                break
            copy_value(chars, None)
        chars.advance()
        while True:
            chars.skip_space()
            if chars.current == "]":
                return
            if chars.current == ",":
                chars.advance()
                continue
            text = []
            copy_value(chars, text)
            yield json.loads("".join(text))


def iter_coco(path: Any, key: str = "annotations") -> Iterator[dict]:
    with open(path):
        pass
    return rows(path, key)
