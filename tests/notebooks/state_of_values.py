"""Notebooks with values that several cells make.

The cells of each notebook; those with the exercise's id begin with "#!". In the last place stands
what is asked of the notebook and of the answer that is taken out of it.
"""

from __future__ import annotations

VALUES: dict[str, list[str]] = {
    "a list filled by a loop": [
        "W = []\nfor i in range(3):\n    W.append(i)",
        "#!def total(items):\n    return W + list(items)",
        "total([1])",
    ],
    "a list filled in another cell": [
        "W = []",
        "W.append(1)",
        "W += [2]\nW.extend([3]); W.insert(0, 0)",
        "#!def total(items):\n    return W",
        "W[1:2] = [7, 8]\ndel W[-1]",
        "total([1])",
    ],
    "a with block": [
        "import io\nwith io.StringIO('1') as f:\n    STEP = [int(f.read())]",
        "#!def total(items):\n    return STEP",
        "total([])",
    ],
    "with, several, and nested": [
        "import contextlib",
        "with contextlib.nullcontext(3) as a, contextlib.nullcontext(a + 1) as b:\n"
        "    if b:\n        c = a * b",
        "#!def total(items):\n    return a, b, c",
        "total([])",
    ],
    "augmented": ["N = 1", "N += 1", "#!def total(items):\n    return N", "N *= 10", "total([])"],
    "a dict, item by item": [
        "W = {}",
        "W['a'] = 1; W.setdefault('b', []).append(2)",
        "W.update(c=3)\nW.pop('a')",
        "#!def total(items):\n    return W",
        "total([])",
    ],
    "through another name": [
        "W = {'a': []}",
        "row = W['a']\nrow.append(1)",
        "for key, value in W.items():\n    value.append(2)",
        "#!def total(items):\n    return W",
        "total([])",
    ],
    "two names of one list": [
        "A = []\nB = A",
        "#!def total(items):\n    return B",
        "A.append(1)",
        "total([])",
    ],
    "a name used again for something else": [
        "W = []\nx = W\nx.append(1)",
        "x = []\nx.append(undefined_name)",
        "#!def total(items):\n    return W",
        "total([])",
    ],
    "while, if and try": [
        "N = 0\nwhile N < 3:\n    N += 1",
        "if N == 3:\n    M = 'three'\nelse:\n    M = 'other'",
        "try:\n    import no_such_module as fast\nexcept ImportError:\n    fast = None",
        "#!def total(items):\n    return N, M, fast",
        "total([])",
    ],
    "try, else and finally": [
        "try:\n    A = int('x')\nexcept ValueError as e:\n    A = type(e).__name__\n"
        "else:\n    A = 0\nfinally:\n    B = 1",
        "#!def total(items):\n    return A, B",
        "total([])",
    ],
    "match": [
        "match {'a': 1, 'b': 2}:\n    case {'a': one, **rest}:\n        two = rest['b']",
        "#!def total(items):\n    return one, two",
        "total([])",
    ],
    "walrus and unpacking": [
        "(first, *others), last = (1, 2, 3), 4",
        "if (n := len(others)) > 1:\n    pass",
        "#!def total(items):\n    return first, others, last, n",
        "total([])",
    ],
    "chained and swapped": [
        "a = b = 1",
        "a, b = b + 1, a",
        "#!def total(items):\n    return a, b",
        "total([])",
    ],
    "global": [
        "def setup():\n    global W\n    W = [1]",
        "setup()",
        "#!def total(items):\n    return W",
        "total([])",
    ],
    "a function that fills": [
        "W = []\ndef add(x):\n    W.append(x)\ndef both(x):\n    add(x); add(x)",
        "both(1)",
        "#!def total(items):\n    return W",
        "for i in range(2):\n    add(i)",
        "total([])",
    ],
    "a function that fills what it is given": [
        "W = []\ndef fill(into, x):\n    for _ in range(2):\n        into.append(x)",
        "fill(W, 1)",
        "#!def total(items):\n    return W",
        "total([])",
    ],
    "a function that hands on what it is given": [
        "W = []\ndef inner(xs):\n    xs.append(1)\ndef outer(ys):\n    inner(ys)",
        "outer(W)",
        "#!def total(items):\n    return W",
        "total([])",
    ],
    "a function that gives the list away": [
        "_W = []\ndef registry():\n    return _W",
        "registry().append(3)",
        "#!def total(items):\n    return list(_W)",
        "total([])",
    ],
    "nonlocal": [
        "def counter():\n    n = 0\n    def step():\n        nonlocal n\n        n += 1\n"
        "        return n\n    return step",
        "step = counter()\nstep()",
        "start = step()",
        "#!def total(items):\n    return start",
        "total([])",
    ],
    "methods of one's own class": [
        "class Register:\n    def __init__(self):\n        self.names = []\n"
        "    def note(self, name):\n        self.names.append(name)\n        return name",
        "R = Register()",
        "R.note('a')",
        "first = R.note('b')",
        "#!def total(items):\n    return R.names",
        "total([])",
    ],
    "a decorator that registers": [
        "W = {}\ndef register(f):\n    W[f.__name__] = f\n    return f",
        "@register\ndef one():\n    return 1",
        "#!def total(items):\n    return [f() for f in W.values()]",
        "@register\ndef two():\n    return 2",
        "total([])",
    ],
    "a decorator with a name": [
        "class Registry(dict):\n    def register(self, name):\n        def add(f):\n"
        "            self[name] = f\n            return f\n        return add\nREG = Registry()",
        "@REG.register('one')\ndef _():\n    return 1",
        "#!def total(items):\n    return {k: f() for k, f in REG.items()}",
        "@REG.register('two')\ndef _():\n    return 2",
        "total([])",
    ],
    "singledispatch": [
        "#!from functools import singledispatch\n@singledispatch\ndef total(items):\n    return 0",
        "@total.register\ndef _(items: list):\n    return sum(items)",
        "@total.register(str)\ndef _(items):\n    return len(items)",
        "total.register(dict, lambda items: 'dict')",
        "total([1, 2]), total('abc'), total({}), total(None)",
    ],
    "subclasses that are noted": [
        "class Base:\n    known = []\n    def __init_subclass__(cls):\n"
        "        Base.known.append(cls.__name__)",
        "class A(Base): pass",
        "#!def total(items):\n    return Base.known",
        "class B(Base): pass",
        "total([])",
    ],
    "subclasses that are asked for": [
        "class Base: pass",
        "class A(Base): pass",
        "#!def total(items):\n    return [c.__name__ for c in Base.__subclasses__()]",
        "total([])",
    ],
    "virtual subclasses": [
        "from collections.abc import Sequence",
        "#!class Total:\n    pass",
        "Sequence.register(Total)",
        "isinstance(Total(), __import__('collections').abc.Sequence)",
    ],
    "a helper mended below": [
        "def norm(x):\n    return x.no_such",
        "#!def total(items):\n    return norm(items)",
        "def norm(x):\n    return len(x)",
        "total([1, 2])",
    ],
    "a constant changed between": [
        "N = 1\ndef early():\n    return N\nA = early()",
        "N = 2\nB = early()",
        "#!def total(items, n=N):\n    return A, B, N, n",
        "N = 3",
        "total([])",
    ],
    "bound twice, used before": [
        "base = 1\ntable = [base]",
        "base = 2",
        "#!def total(items):\n    return table, base",
        "total([])",
    ],
    "imports of every kind": [
        "import os.path, collections.abc\nimport xml.etree.ElementTree",
        "import xml.dom, concurrent.futures as cf\nfrom math import *",
        "from itertools import chain as link",
        "#!def total(items):\n    return (os.path.join('a', 'b'), collections.abc.Sized.__name__,\n"
        "        xml.etree.ElementTree.Element('a').tag, cf.__name__, floor(2.5),\n"
        "        list(link([1], [2])))",
        "total([])",
    ],
    "a package imported twice": [
        "import xml.etree.ElementTree",
        "import xml",
        "#!def total(items):\n    return xml.etree.ElementTree.Element('a').tag",
        "total([])",
    ],
    "a part imported by another name": [
        "from xml.etree import ElementTree as ET",
        "import xml",
        "#!def total(items):\n    return xml.etree.ElementTree.Element('a').tag",
        "total([])",
    ],
}
