"""Seeded inputs for whatever reads submissions: sources, notebooks, archives, markdown.

Each starts from something honest or nasty and is changed a few times, by pieces as often as by
bytes, so that most get past the first check of their reader.
"""

from __future__ import annotations

import io
import json
import random
import zipfile

KINDS = ("source", "notebook", "archive", "markdown")

_SOURCES = [
    b"def double(x):\n    return 2 * x\n",
    b"# coding: utf-8\nclass Stack(list):\n    push = list.append\n",
    b"from __future__ import annotations\nimport os, sys\n\nasync def f():\n    await g()\n",
    b"%%time\n%matplotlib inline\nx = !ls\ndouble?\ndef double(x): return x\n",
    b"x = 1; await y\nfor a in b: pass\n",
]
_PIECES = [
    b"# coding: rot13\n",
    b"# coding: punycode\n",
    b"# -*- coding: undefined -*-\n",
    b"\xef\xbb\xbf",
    b"\0",
    b"\xff\xfe",
    b"\r",
    b"\f",
    b"(" * 300,
    b"1+" * 600,
    b"await x\n",
    b"```python\n",
    b"~~~\n",
    b"from __future__ import (\n",
    b" " * 500,
    b"\t",
    b"a, b = %",
    b"?" * 9,
    b"def double(",
    b"'''",
    b"\\",
    b"\n" * 100,
    b"lambda: " * 200,
    b"\xe2\x80\xa8",
    b"\xed\xa0\x80",
    b"if 1:\n " * 30,
    b"import *\n",
    b"from x import *\n",
    b"match x:\n case {**r}: pass\n",
    b"-x " * 99,
    b"not " * 300,
]
_MARKDOWN = [
    "# Title\n\nText with *stars*, `code`, [a link](https://example.org) and $a<b$.\n",
    "| a | b |\n|---|--:|\n| 1 | 2 |\n\n- [ ] one\n- two\n\n1. x\n\n> y\n",
    "```python\nx: int = 1\n```\n\n$$x^2$$\n",
    "![p](attachment:a.png)\n\n[r]: https://example.org 'title'\n\n[r] and [^1]\n\n[^1]: note\n",
]
_ACTIVE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<a href=",
    "javascript:alert(1)",
    "[x](javascript:alert(1))",
    "[x](<java\nscript:alert(1)>)",
    "data:text/html,",
    "&#106;avascript:",
    "&lt;script&gt;",
    "&#x3c;script>",
    "$\\href{javascript:alert(1)}{x}$",
    "$$",
    "![x](attachment:nope)",
    "![](https://example.org/x.png)",
    "```mermaid\n",
    "~~~ mermaid\n",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?x",
    "<style>*{x:y}</style>",
    "<iframe srcdoc='",
    "'",
    '"',
    "`",
    "``",
    "[x]: vbscript:x\n\n[x]",
    '" onmouseover="alert(1)',
    "<b",
    "\\<script>",
    "<scr<script>ipt>",
    "\t<",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "\u2028",
    "\u202e",
    "[a](x 't\" onfocus=\"y')",
    "<details open ontoggle=alert(1)>",
    "[x](&Tab;javascript:y)",
    "\x01",
    "[x](JaVaScRiPt&colon;y)",
    "<javascript:alert(1)>",
    "\\begin{x}\\style{a}\\end{x}",
    "*" * 50,
    "[" * 80,
]


def mutated(rng: random.Random, data: bytes, pieces: list[bytes]) -> bytes:
    """``data`` after a few changes."""
    made = bytearray(data)
    for _ in range(rng.choice((0, 1, 1, 2, 3, 6))):
        at = rng.randrange(len(made) + 1)
        end = min(len(made), at + int(rng.expovariate(1 / 12)))
        how = rng.randrange(7)
        if how < 3:
            made[at:at] = rng.choice(pieces)
        elif how == 3:
            del made[at:end]
        elif how == 4:
            made[at:at] = made[at:end] * rng.choice((1, 2, 50))
        elif how == 5 and at < len(made):
            made[at] ^= 1 << rng.randrange(8)
        else:
            made[at:end] = rng.randbytes(end - at)
    return bytes(made)


def source(rng: random.Random) -> bytes:
    """A module's bytes."""
    return mutated(rng, rng.choice(_SOURCES), _PIECES)


def markdown(rng: random.Random) -> str:
    """A markdown cell."""
    pieces = [p.encode() for p in _ACTIVE + _MARKDOWN]
    return mutated(rng, rng.choice(_MARKDOWN).encode(), pieces).decode("utf-8", "replace")


def _value(rng: random.Random, depth: int = 0) -> object:
    kinds = [None, True, -1, 1e300, "", "x", "\ud800", "double", 10**30]
    if depth < 3 and rng.random() < 0.3:
        inner = [_value(rng, depth + 1) for _ in range(rng.randrange(4))]
        return inner if rng.random() < 0.5 else {f"k{n}": v for n, v in enumerate(inner)}
    return rng.choice(kinds)


def notebook(rng: random.Random) -> bytes:
    """A notebook file: mostly whole, some of its values of odd types, some of its bytes wrong."""
    cells: list[object] = []
    for _ in range(rng.randrange(6)):
        kind = rng.choice(("code", "code", "markdown", "raw", "heading", 7))
        text: object = source(rng).decode("utf-8", "replace")
        if kind != "code" and rng.random() < 0.7:
            text = markdown(rng)
        if rng.random() < 0.1:
            text = _value(rng)
        cell: dict[str, object] = {"cell_type": kind, "source": text, "metadata": {}, "outputs": []}
        if rng.random() < 0.5:
            id = rng.choice(("double", "stack", "double-checks", "primes-task", "", 5))
            cell["metadata"] = {"nbgrader": {"grade_id": id}}
        if rng.random() < 0.2:
            odd = {"a.png": {'text/html" x="': "<b>"}}
            cell["attachments"] = rng.choice(({"a.png": {"image/png": "iVBO"}}, odd, _value(rng)))
        if rng.random() < 0.15:
            cell[rng.choice(("metadata", "outputs", "source", "cell_type"))] = _value(rng)
        cells.append(cell if rng.random() < 0.95 else _value(rng))
    book: dict[str, object] = {"cells": cells, "nbformat": 4, "metadata": {}}
    if rng.random() < 0.1:
        book = {"worksheets": [{"cells": cells}, _value(rng)], "nbformat": 3}
    data = json.dumps(book).encode()
    if rng.random() < 0.4:
        tokens = [
            b'"',
            b"[",
            b"]",
            b"{",
            b"}",
            b",",
            b'"outputs": [',
            b"[" * 2000,
            b"9" * 5000,
            b"\\",
        ]
        data = mutated(rng, data, tokens)
    return data


def archive(rng: random.Random) -> bytes:
    """A zip file, its members of several methods, some of its bytes wrong."""
    made = io.BytesIO()
    names = [
        "double.py",
        "basics/stack.py",
        "basics.ipynb",
        "../double.py",
        "a\\b\\double.py",
        "x/",
        "double (1).py",
        "__MACOSX/double.py",
        "é/double.py",
        "C:/x.py",
        "d" * 300 + ".py",
    ]
    with zipfile.ZipFile(made, "w") as file:
        for _ in range(rng.randrange(1, 5)):
            name = rng.choice(names)
            data = notebook(rng) if name.endswith("ipynb") else source(rng)
            info = zipfile.ZipInfo(name)
            info.compress_type = rng.choice((0, 8, 8, 12, 14))
            if rng.random() < 0.1:
                info.external_attr = rng.getrandbits(32)
            if rng.random() < 0.05:
                data = bytes(3 << 20)
            file.writestr(info, data)
    data = made.getvalue()
    if rng.random() < 0.75:
        pieces = [
            b"PK\x05\x06",
            b"PK\x01\x02",
            b"PK\x06\x06",
            b"\xff" * 8,
            b"\0" * 8,
            rng.randbytes(4),
        ]
        data = mutated(rng, data, pieces)
        if rng.random() < 0.5:  # the list of members, and what ends it, are where it is interesting
            cut = max(0, data.rfind(b"PK\x01\x02"))
            data = data[:cut] + mutated(rng, data[cut:], pieces)
    return data
