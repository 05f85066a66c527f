"""What a hidden check must not repeat: anything that a submission could have made of an input.

A message of a hidden check may be built from evidence, and evidence may be forged: an exception
class named after the input, a log entry that quotes it, a number or a type's name that spells it.
So what comes from a reply is shown only where it can say little or was known beforehand:

* truth values and ``None``;
* numbers of up to four digits, six of them in one message (numbers in the grader's files and those
  that the judge measured are its own);
* texts that the grader's files or the vocabulary of graders holds, names of Python's own, and words
  of the student's file.

Everything else is shown as an ellipsis, bytes and long numbers included.
"""

from __future__ import annotations

import ast
import builtins
import re
import types
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from autograder.sandbox.inside.wire import Opaque, TensorData

HIDDEN = "…"
MOST_NUMBERS = 6
"""Numbers of one message that may come from a reply: about 80 bits, with the digits below."""
MOST_DIGITS = 4
MOST_WORDS = 2
"""Words of the student's file that one message may bring from a reply."""

VOCABULARY = Path(__file__).resolve().parent / "vocabulary"
"""Where the words lie that graders share."""

_MOST = 20_000  # values of one check's evidence that are looked at
_DEEP = 30
_WORD = re.compile(r"[^\W\d]\w*")
_NUMBER = re.compile(r"(?<![\w.])\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?", re.IGNORECASE)
_CODED = re.compile(r"(?:0[xob]|\\x|\\u)[0-9a-f]{3,}|(?<![\w'])b(['\"]).*?\1", re.IGNORECASE)
_TYPES = frozenset(
    [t.__name__ for t in vars(types).values() if isinstance(t, type)]
    + ["map", "filter", "zip", "range", "enumerate", "reversed", "dict_keys", "dict_values"]
    + ["dict_items", "list_iterator", "OrderedDict", "Counter", "defaultdict", "deque"]
    + ["ndarray", "Tensor", "Parameter", "Size", "dtype", "device", "float64", "float32"]
    + ["int64", "int32", "uint8", "bool_", "str_", "memmap", "Path", "PosixPath", "Future"]
)
_MODULES = frozenset(
    [
        "collections",
        "numpy",
        "torch",
        "types",
        "itertools",
        "pathlib",
        "asyncio",
        "concurrent",
        "futures",
        "nn",
        "parameter",
        "functools",
        "decimal",
        "fractions",
    ]
)


@cache
def _vocabulary() -> frozenset[str]:
    """Every text in the files of the vocabulary, docstrings apart: words of messages and evidence.

    No numbers: those of a limit stand in the grader.
    """
    texts: set[str] = set()
    for path in sorted(VOCABULARY.glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        # A docstring is an expression of its own, in whatever it stands.
        said = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
        constants = (n for n in ast.walk(tree) if isinstance(n, ast.Constant))
        texts.update(n.value for n in constants if isinstance(n.value, str) and id(n) not in said)
    return frozenset(texts)


@cache
def _constants(grader: tuple[Path, ...]) -> frozenset[str]:
    """Every text that stands in a grader's files or in the vocabulary's, and every number of the
    grader's as it is printed."""
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in grader]
    values = [n.value for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Constant)]
    texts = {value for value in values if isinstance(value, str)}
    numbers = {value for value in values if type(value) in (int, float)}
    within = {match[0] for text in texts for match in _NUMBER.finditer(text)}
    printed = [*map(repr, numbers), *(format(n, "g") for n in numbers)]
    return frozenset([*texts, *within, *printed, *_vocabulary()])


def everybodys_type(name: str) -> bool:
    """Whether it is the name of a type, or of a module of types, that everybody knows."""
    return name in _TYPES or name in _MODULES


class Hiding:
    """The words that one hidden check may show, and the evidence it has been given."""

    def __init__(self, grader: tuple[Path, ...], source: bytes) -> None:
        self.grader, self.source = grader, source
        self.heard: list[Any] = []
        self._names: frozenset[str] | None = None

    def _everybodys(self, text: str) -> bool:
        return text in _constants(self.grader) or hasattr(builtins, text) or text in _TYPES

    def known(self, text: str) -> bool:
        """Whether ``text`` may be shown: it was there before any input was."""
        if text in _constants(self.grader) or hasattr(builtins, text):
            return True
        if self._names is None:
            words = _WORD.findall(self.source.decode("utf-8", "replace"))
            self._names = frozenset(words)
        return text in self._names

    def cover(self, value: Any, depth: int = 0) -> Any:
        """``value`` (plain evidence) with everything in it replaced that may not be shown."""
        kind = type(value)
        if value is None or kind is bool or depth > _DEEP:
            return value if depth <= _DEEP else Covered()
        if kind is str:
            return value if self.known(value) else HIDDEN
        if kind in (int, float):
            # The digits; which of several may be shown is decided for the whole message.
            small = -(10**MOST_DIGITS) < value < 10**MOST_DIGITS
            return value if small and len(_digits(repr(value))) <= MOST_DIGITS else Covered()
        if kind in (list, tuple):
            return kind(self.cover(part, depth + 1) for part in value)
        if kind in (set, frozenset):
            return kind(_hashable(self.cover(part, depth + 1)) for part in value)
        if kind is dict:
            items = value.items()
            return {_hashable(self.cover(k, depth + 1)): self.cover(v, depth + 1) for k, v in items}
        if kind is Opaque:
            return value if self._names_type(value.type_name) else Opaque(HIDDEN)
        return Covered()

    def covered(self, message: str) -> str:
        """``message`` with everything that a reply may have brought into it replaced."""
        present = {text for text in _texts(self.heard) if text in message}
        strange = {text for text in present if not self._shown(text)}
        # Words of the student's own file say which of them was chosen: a few are enough.
        words = sorted(text for text in present - strange if not self._everybodys(text))
        strange.update(words[MOST_WORDS:])
        for text in sorted(strange, key=len, reverse=True):
            message = message.replace(text, HIDDEN)
        if not self.heard:
            return message
        own = _constants(self.grader)
        left = MOST_NUMBERS

        def number(match: re.Match[str]) -> str:
            nonlocal left
            if match[0] in own:
                return match[0]
            left -= 1
            return match[0] if len(_digits(match[0])) <= MOST_DIGITS and left >= 0 else HIDDEN

        return _NUMBER.sub(number, _CODED.sub(HIDDEN, message))

    def _shown(self, text: str) -> bool:
        return self.known(text) or self._names_type(text)

    def _names_type(self, name: str) -> bool:
        """Whether it is the name of a type that everybody knows, or that the student wrote."""
        *modules, last = name.split(".")
        here = last in _TYPES or hasattr(builtins, last) or self.known(last)
        return here and all(part in _MODULES or self.known(part) for part in modules)


class Covered:
    """Stands for a value that is not shown."""

    def __repr__(self) -> str:
        return HIDDEN


def _hashable(value: Any) -> Any:
    try:
        hash(value)
    except TypeError:
        return Covered()
    return value


def _digits(text: str) -> str:
    return "".join(c for c in text.partition("e")[0] if c.isdigit()).lstrip("0")


def _texts(values: Iterable[Any]) -> Iterator[str]:
    """Texts of two characters or more within plain evidence, up to a bound."""
    pending, left = list(values), _MOST
    while pending and left:
        value = pending.pop()
        left -= 1
        if type(value) is str:
            if len(value) > 1:
                yield value
        elif type(value) in (list, tuple, set, frozenset):
            pending.extend(value)
        elif type(value) is dict:
            pending.extend([*value, *value.values()])
        elif type(value) is Opaque:
            yield value.type_name
        elif type(value) is TensorData:
            pending.extend([value.dtype, value.device])
