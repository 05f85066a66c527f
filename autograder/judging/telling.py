"""Which message of an exception a hidden check may show: one made of the answer's own words.

An answer may raise whatever it likes, with an input in the message. Python's own messages about
names, attributes, imports and calls are known, though: where a message is one of those, and every
name in it stands in the student's files, it holds nothing that was not there before.
"""

from __future__ import annotations

import ast
import builtins
import difflib
import re
from collections.abc import Iterable
from functools import lru_cache

from autograder.judging.hiding import everybodys_type

NOT_SHOWN = "its message is not shown, because it may quote a hidden input"

MOST_NAMES = 4
"""Most names that a shown message holds."""

_NAME = r"[A-Za-z_]\w{0,80}(?:\.[A-Za-z_]\w{0,80}){0,3}"
_QUOTED = re.compile(rf"'({_NAME})'")
_CALLED = re.compile(rf"^({_NAME})\(\) ")
_FORMS = frozenset(
    [
        "name ' is not defined",
        "cannot access local variable ' where it is not associated with a value",
        "cannot access free variable ' where it is not associated with a value in enclosing scope",
        "' object has no attribute '",
        "' object has no attribute ' and no __dict__ for setting new attributes",
        "' object attribute ' is read-only",
        "type object ' has no attribute '",
        "module ' has no attribute '",
        "property ' of ' object has no setter",
        "cannot import name ' from '",
        "No module named '",
        "() missing # required positional argument: '",
        "() missing # required positional arguments: '",
        "() missing # required keyword-only argument: '",
        "() missing # required keyword-only arguments: '",
        "() takes # positional argument but # was given",
        "() takes # positional argument but # were given",
        "() takes # positional arguments but # was given",
        "() takes # positional arguments but # were given",
        "() takes no arguments",
        "() got an unexpected keyword argument '",
        "() got multiple values for argument '",
        "' object is not iterable",
        "' object is not callable",
        "' object is not an iterator",
        "' object is not subscriptable",
        "object of type ' has no len()",
        "Can't instantiate abstract class ' without an implementation for abstract method '",
    ]
)


PARSED_CAP = 64 << 10
"""Most bytes of an answer that the judge parses to guess what was meant. A tree takes up to 600
times the memory of its text, and this process judges other students, too."""


@lru_cache(maxsize=2)  # several checks of one answer ask, for the answer and for the stub
def parsed(source: bytes | str) -> ast.Module | None:
    """The tree of a text; None if it is not Python, or longer than :data:`PARSED_CAP`."""
    if len(source) > PARSED_CAP:
        return None
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def shown(message: str, texts: Iterable[str]) -> str:
    """The part of a message that a hidden check may show; empty if it may show nothing.

    ``texts`` are the student's files.
    """
    line = (message.strip().splitlines() or [""])[0][:400]
    line = re.sub(r" \((?:unknown location|[^()]*\.(?:py|so|pyd))\)$", "", line)  # of an import
    called = _CALLED.match(line)
    rest = line[called.end() :] if called else line
    names = ([called[1]] if called else []) + _QUOTED.findall(rest)
    form = _QUOTED.sub("'", rest)
    form = re.sub(r"(?<= )\d(?= )", "#", re.sub(r"'(?:, ')*,? and '", "'", form))
    if f"() {form}" not in _FORMS if called else form not in _FORMS:
        return ""
    if len(names) > MOST_NAMES:
        return ""
    texts = tuple(texts)
    known = all(_known(part, texts) for name in names for part in name.split("."))
    return line if known else ""


def _known(word: str, texts: Iterable[str]) -> bool:
    """Whether it is a word of the texts, or one of Python's own. A set of all words would take many
    times the memory of a long text."""
    if hasattr(builtins, word) or everybodys_type(word):
        return True
    whole = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    return any(whole.search(text) for text in texts)


@lru_cache(maxsize=16)
def meant(kind: str, message: str, source: str) -> str:
    """What may have been meant by a name that is not there: one of the student's file, or Python's.

    Empty where nothing is like it.
    """
    found = _QUOTED.findall(message)
    if kind not in ("NameError", "AttributeError") or not found:
        return ""
    name = found[-1]
    tree = parsed(source)
    if tree is None:
        return ""
    attributes = _attributes(tree)
    if kind == "AttributeError":
        return near(name, attributes - {name})
    if name in attributes:
        return f"self.{name}"
    return near(name, {*_bound(tree), *dir(builtins)} - {name})


def near(name: str, names: Iterable[str]) -> str:
    """The name that is most like ``name``, whatever its case; empty where none is."""
    by_case = {each.lower(): each for each in sorted(names)}
    found = difflib.get_close_matches(name.lower(), by_case, n=1, cutoff=0.7)
    return by_case[found[0]] if found else ""


def _bound(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(node.name)
            case ast.Name(ctx=ast.Store()):
                names.add(node.id)
            case ast.arg():
                names.add(node.arg)
            case ast.alias():
                names.add((node.asname or node.name).partition(".")[0])
    return names


def _attributes(tree: ast.AST) -> set[str]:
    """Names that the file sets on ``self``, and those of methods."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            names.add(node.attr)
        elif isinstance(node, ast.ClassDef):
            functions = (ast.FunctionDef, ast.AsyncFunctionDef)
            names.update(part.name for part in node.body if isinstance(part, functions))
    return names
