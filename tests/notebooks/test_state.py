"""A notebook is graded as if it had been run from top to bottom.

Each notebook of the table is run for real, cell by cell in one namespace, and the answer that
is taken out of it has to behave as the notebook's own name does. All texts are this file's.
"""

from __future__ import annotations
import __future__

import contextlib
import io
import sys
import types
from typing import Any

import pytest

from autograder.notebooks import answers, modules, notebook_index
from autograder.notebooks.answers import Found
from autograder.notebooks.reading import Cell

STUB = """def total(items):
    raise NotImplementedError("total: write your solution here")


class Total:
    def __init__(self, items):
        raise NotImplementedError("total: write your solution here")
"""
FINE = "def total(items):\n    return sum(items)"

# The cells of each notebook; those with the exercise's id begin with "#!". In the last place
# stands what is asked of both. A cell that raises leaves what was there, as in Jupyter.
BOOKS: dict[str, list[str]] = {
    "attributes of a class": [
        "#!class Total:\n    def __init__(self, items):\n        self.items = items",
        "def __iter__(self):\n    return iter(self.items)\nTotal.__iter__ = __iter__",
        "def __len__(self):\n    return len(self.items)\nTotal.__len__ = __len__",
        "list(Total([1, 2]))",
        "list(Total([1, 2])), len(Total('abc'))",
    ],
    "a decorator that adds to a class": [
        "def add_to_class(cls):\n    def add(f):\n"
        "        setattr(cls, f.__name__, f)\n    return add",
        "#!class Total:\n    def __init__(self, items):\n        self.items = items",
        "@add_to_class(Total)\ndef value(self):\n    return sum(self.items)",
        "@add_to_class(Total)\ndef twice(self):\n    return 2 * self.value()",
        "Total([1, 2]).twice()",
    ],
    "a decorator that returns itself from a class": [
        "class add_to:\n    def __init__(self, cls):\n        self.cls = cls\n"
        "    def __call__(self, f):\n        setattr(self.cls, f.__name__, f)\n        return f",
        "#!class Total:\n    def __init__(self, items):\n        self.items = items",
        "@add_to(Total)\ndef value(self):\n    return sum(self.items)",
        "Total([1, 2]).value()",
    ],
    "patched by annotation": [
        "def patch(f):\n    cls = next(iter(f.__annotations__.values()))\n"
        "    setattr(cls, f.__name__, f)\n    return f",
        "#!class Total:\n    def __init__(self, items):\n        self.items = items",
        "@patch\ndef value(self: Total):\n    return sum(self.items)",
        "Total([1, 2]).value()",
    ],
    "setattr, by name and in a loop": [
        "#!class Total:\n    pass",
        "setattr(Total, 'one', lambda self: 1)",
        "for name in ('two', 'three'):\n    setattr(Total, name, lambda self, n=name: n)",
        "Total().one(), Total().two(), Total().three()",
    ],
    "a loop over classes": [
        "#!class Total:\n    pass",
        "class Other: pass\nfor cls in (Total, Other):\n    cls.kind = cls.__name__",
        "Total.kind",
    ],
    "a class that goes on": [
        "#!class Total:\n    def __init__(self, items):\n        self.items = items",
        "class Total(Total):\n    def value(self):\n        return sum(self.items)",
        "Total([1, 2]).value()",
    ],
    "another name for it": [
        "#!class Total:\n    pass",
        "T = Total\nT.kind = 'T'",
        "Total.kind",
    ],
    "inherited from a class below": [
        "#!class Total:\n    pass",
        "class Mixin:\n    def value(self):\n        return 5",
        "Total.value = Mixin.value",
        "Total().value()",
    ],
    "decorated afterwards": [
        "def twice(f):\n    return lambda items: 2 * f(items)",
        f"#!{FINE}",
        "total = twice(total)",
        "total([1, 2])",
    ],
    "decorated afterwards, no id": [
        FINE,
        "def twice(f):\n    def inner(items):\n        return 2 * f(items)\n    return inner",
        "total = twice(total)",
        "total([1, 2])",
    ],
    "function attributes": [
        "#!def total(items):\n    total.calls += 1\n    return total.calls",
        "total.calls = 0",
        "total([]), total([])",
    ],
    "defaults and docs": [
        "#!def total(items, start):\n    return sum(items, start)",
        "total.__defaults__ = (10,)\ntotal.__doc__ = 'Adds.'",
        "total([1]), total.__doc__",
    ],
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
    "augmented": [
        "N = 1",
        "N += 1",
        "#!def total(items):\n    return N",
        "N *= 10",
        "total([])",
    ],
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
    "a seed": [
        "import random",
        "random.seed(7)",
        "W = [random.random() for _ in range(3)]\nrandom.shuffle(W)",
        "#!def total(items):\n    return W",
        "total([])",
    ],
    "a seed set by a function": [
        "import random\ndef set_seed(n):\n    random.seed(n)",
        "set_seed(5)",
        "W = random.random()",
        "#!def total(items):\n    return W",
        "total([])",
    ],
    "a package that is configured": [
        "import decimal\ndecimal.getcontext().prec = 5",
        "from decimal import Decimal",
        "#!def total(items):\n    return str(Decimal(1) / 3)",
        "decimal.getcontext().prec = 7",
        "total([])",
    ],
    "library functions that change": [
        "import heapq\nfrom bisect import insort\nH, S = [], []",
        "heapq.heappush(H, 3); heapq.heappush(H, 1)",
        "for x in (2, 1):\n    insort(S, x)",
        "#!def total(items):\n    return H, S",
        "total([])",
    ],
    "an iterator moved on": [
        "import itertools\nids = itertools.count()",
        "next(ids)",
        "#!def total(items):\n    return next(ids)",
        "total([])",
    ],
    "lambda, partial and comprehension": [
        "from functools import partial",
        "k = 3\nadd = lambda x: x + k\nadd5 = partial(add)\nW = [add(i) for i in range(2)]",
        "#!def total(items):\n    return W, add5(1)",
        "total([])",
    ],
    "a builtin of one's own": [
        "def sum(xs):\n    return 'my sum'",
        f"#!{FINE}",
        "total([])",
    ],
    "semicolons on one line": [
        "W = []; W.append(1); W.append('é'); W.append(2)",
        "#!def total(items):\n    return W",
        "total([])",
    ],
    "strings with lines in them": [
        "TEXT = '''a\n  b\n# c'''",
        "#!def total(items):\n    return TEXT",
        "total([])",
    ],
    "main or not": [
        "if __name__ == '__main__':\n    W = [1]",
        "#!def total(items):\n    return W",
        "total([])",
    ],
    "globals by name": [
        "globals()['W'] = [1]",
        "#!def total(items):\n    return W",
        "total([])",
    ],
    "deleted, and there again": [
        "W = [1]\ndel W\nW = [2]",
        "#!def total(items):\n    return W",
        "total([])",
    ],
    "the last of two": [
        "#!def total(items):\n    return 1",
        "#!def total(items):\n    return 2",
        "total([])",
    ],
    "the last of two, which is broken": [
        "#!def total(items):\n    return 1",
        "#!def total(items)\n    return 2",
        "total([])",
    ],
    "written anew below": [
        "#!def total(items):\n    return items.no_such",
        "def total(items):\n    return len(items)",
        "total([])",
    ],
    "an attempt that raised, above": [
        "class Total(NoSuchBase):\n    pass",
        "#!class Total:\n    n = 1",
        "Total.n",
    ],
    "a stub filled in from below": [
        f"#!{STUB}",
        "def init(self, items):\n    self.items = items\nTotal.__init__ = init",
        "Total([1]).items",
    ],
    "enum, dataclass, named tuple": [
        "from enum import Enum\nfrom dataclasses import dataclass, field\n"
        "from collections import namedtuple",
        "class Kind(Enum):\n    A = 1\n@dataclass\nclass Row:\n    kind: Kind\n"
        "    xs: list = field(default_factory=list)",
        "P = namedtuple('P', 'x y')\nROWS = [Row(k) for k in Kind]",
        "#!def total(items):\n    return [r.kind.name for r in ROWS], P(1, 2).y",
        "total([])",
    ],
    "helpers of helpers": [
        "A = 1\ndef a():\n    return A\ndef b():\n    return a() + 1",
        "class C:\n    def run(self):\n        return b() + D",
        "D = 10",
        "#!def total(items):\n    return C().run()",
        "total([])",
    ],
    "held by something else": [
        "W, V, U = [], [], []",
        "#!class Total:\n    v = V\n    def __init__(self, items, u=U):\n        self.u = u",
        "Total.w = W",
        "W.append(1); V.append(2)",
        "U.append(3)",
        "Total.w, Total.v, Total([]).u",
    ],
    "held by a default": [
        "W = []",
        "#!def total(items, w=W):\n    return w",
        "for i in range(2):\n    W.append(i)",
        "W = 'another'",
        "total([])",
    ],
    "held by what a call made": [
        "class Box:\n    def __init__(self, w):\n        self.w = w",
        "W = []\nBOX = Box(W)\nROWS = []\nROWS.append(W)",
        "W.append(1)",
        "#!def total(items):\n    return BOX.w, ROWS",
        "W.append(2)",
        "total([])",
    ],
    "methods in a dict": [
        "#!class Total:\n    pass",
        "def one(self): return 1\ndef two(self): return 2",
        "for name, f in {'one': one, 'two': two}.items():\n    setattr(Total, name, f)",
        "Total.three = classmethod(lambda cls: cls.__name__)\n"
        "Total.four = property(lambda self: 4)",
        "Total().one(), Total().two(), Total.three(), Total().four",
    ],
    "sets, slices and counters": [
        "from collections import Counter, defaultdict, deque\nS, C, D, Q = {1}, Counter(), "
        "defaultdict(list), deque(maxlen=2)",
        "S |= {2}\nS.discard(1)",
        "C['a'] += 1\nC.update('ab')",
        "D['x'].append(1)\nQ.extend([1, 2, 3])",
        "#!def total(items):\n    return S, C, dict(D), list(Q)",
        "total([])",
    ],
    "an array changed in place": [
        "import array\nA = array.array('i', [3, 1])",
        "A[0] = 7\nB = A\nB[1] += 1",
        "#!def total(items):\n    return A.tolist()",
        "total([])",
    ],
    "an object with attributes": [
        "from types import SimpleNamespace\nconfig = SimpleNamespace(a=1)",
        "config.b = 2\nconfig.a += 1",
        "del config.b",
        "#!def total(items):\n    return vars(config)",
        "vars(config)['c'] = 3",
        "total([])",
    ],
    "a context manager that registers": [
        "import contextlib\nSTACK = []\n@contextlib.contextmanager\ndef scope(name):\n"
        "    STACK.append(name)\n    yield name",
        "with scope('a') as a:\n    inner = a.upper()",
        "#!def total(items):\n    return STACK, inner",
        "total([])",
    ],
    "__name__ and __doc__": [
        f"#!{FINE}",
        "total.__name__ = 'sum_up'\ntotal.__wrapped__ = sum",
        "total.__name__, total.__wrapped__([1])",
    ],
    "a cache that is kept": [
        "from functools import lru_cache",
        "calls = []",
        "#!@lru_cache\ndef total(n):\n    calls.append(n)\n    return len(calls)",
        "total(1), total(2), total(1)",
    ],
    "abstract classes and protocols": [
        "from abc import ABC, abstractmethod\nclass Base(ABC):\n    @abstractmethod\n"
        "    def run(self): ...",
        "#!class Total(Base):\n    def run(self):\n        return STEP",
        "STEP = 4",
        "Total().run()",
    ],
    "type parameters and hints": [
        "from __future__ import annotations",
        "#!class Total:\n    def again(self, other: Later) -> Total:\n        return self",
        "class Later: pass",
        "type(Total().again(1)).__name__",
    ],
    "awaited at top level": [
        "import asyncio\nW = []\nasync def make(x):\n    await asyncio.sleep(0)\n    return x",
        "V = await make(3)\nW.append(await make(1))",
        "#!def total(items):\n    return V, W",
        "total([])",
    ],
    "timed in place": [
        "%time W = [1]",
        "%%time\nV = [2]",
        "#!def total(items):\n    return W + V",
        "total([])",
    ],
}


def cells_of(book: list[str]) -> list[Cell]:
    return [Cell("code", c.removeprefix("#!"), "total" if c.startswith("#!") else "") for c in book]


def answer(book: list[str]) -> Found:
    found = answers.find(cells_of(book), answers.wanted("total", STUB))
    assert found is not None
    return found


def run(*texts: str) -> dict[str, Any]:
    """The namespace after the texts; one that raises ends there, as a cell does."""
    module = types.ModuleType("notebook")
    module.__dict__["__name__"] = "__main__"
    flags = 0
    for text in texts:
        if "from __future__ import annotations" in text:
            flags = __future__.annotations.compiler_flag  # which IPython keeps to
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(Exception):
            exec(compile(text, "cell", "exec", flags, dont_inherit=True), module.__dict__)
    return module.__dict__


def asked(names: dict[str, Any], question: str) -> str:
    return repr(eval(question, names))


@pytest.mark.parametrize("name", BOOKS)
def test_the_answer_is_what_the_notebook_made(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    *book, question = BOOKS[name]
    live = asked(run(*(modules.run_by_cell(c.removeprefix("#!")) for c in book)), question)
    found = answer(book)
    module = types.ModuleType("answer")
    monkeypatch.setitem(sys.modules, "answer", module)
    # Raises where it should not.
    exec(compile(found.source, "answer", "exec", dont_inherit=True), module.__dict__)
    assert asked(module.__dict__, question) == live, found.source


BEFORE_AND_AFTER = [
    "import time, random, unittest",
    "print('hello', total([1]))",
    "x = total([1, 2])\nprint(x)",
    "x = await total([1])\nprint(x)",
    "async for x in total([1]):\n    print(x)",
    "box = Box(total)\nbox.run()",
    "total([1, 2])",
    "assert total([1]) == 1",
    "for n in range(3):\n    total([n])\n    print(n)",
    "results = [total([n]) for n in range(3)]",
    "t = time.perf_counter(); total([1]); print(time.perf_counter() - t)",
    "class Test(unittest.TestCase):\n    def test_it(self):\n        total([])",
    "unittest.main(argv=[''], exit=False)",
    "model = object()\nfor epoch in range(3):\n    random.seed(epoch)\n    loss = epoch",
    "name = input('name?')",
    "other([1])",
    "def other(items):\n    raise NotImplementedError('other: write your solution here')\nother(1)",
    "t = Total([1]); next(iter(t)); t.items.append(2); t.extra = 1; del t",
    "plt.plot([1]); plt.show()",
    "%timeit total([1])",
    "help(total)\ntotal?",
    "import doctest; doctest.testmod()",
    "def demo():\n    print(total([1]))\ndemo()",
    "[total([n]) for n in range(3)]",
    "total.__doc__, total.__name__",
    "raise SystemExit",
]


@pytest.mark.parametrize("text", BEFORE_AND_AFTER)
@pytest.mark.parametrize("marked", ["#!", ""])
def test_what_only_looks_at_the_answer_stays_behind(text: str, marked: str) -> None:
    mine = f"import random\nSEEN = []\n{FINE}\n\n\nclass Total:\n    def __init__(self, items):\n" \
           "        self.items = items\n        SEEN.append(items)"  # fmt: skip
    found = answer([text, f"{marked}{mine}", text])
    assert found.source.strip() == mine, found.source


def test_a_stub_below_is_no_answer_and_no_redefinition() -> None:
    for cell in (STUB, f"#!{STUB}", STUB.replace("\n\n\n", "\n\n") + "# later\n"):
        assert answer([f"#!{FINE}", cell]).source.strip() == FINE
        assert answer([cell, FINE]).source.strip() == FINE


def test_a_stub_of_another_exercise_gives_way_to_its_answer() -> None:
    lean = "#!def total(items):\n    return other(items)"
    stub = 'def other(x):\n    raise NotImplementedError("other: write your solution here")'
    for book in (
        [stub, "def other(x):\n    return 7", lean],
        ["def other(x):\n    return 7", lean, stub],
    ):
        names = run(answer(book).source)
        assert asked(names, "total([])") == "7"


def test_an_untouched_stub_stays_one() -> None:
    found = answer([f"#!{STUB}", "total([1])", "t = Total([1])\nt.x = 1", "print(total)"])
    assert not found.attempted


def test_where_it_came_from_is_said() -> None:
    found = answer(["import math", "A = 1", "#!def total(items):\n    return A, B, C", "B = C = 2"])
    assert "taken along from other cells: A (cell 2), B (cell 4), C (cell 4)" in found.note
    assert "# From cell 2 of the notebook:\nA = 1\n" in found.source
    assert "# From cell 4 of the notebook:\nB = C = 2" in found.source


def test_two_different_ones_are_told() -> None:
    found = answer(["#!def total(items):\n    return 1", f"#!{FINE}"])
    assert "2 different cells for it: the last one was graded" in found.note


def test_names_of_cells_that_were_run_in_another_order() -> None:
    book = [
        "#!import functools\n@wrap\ndef total(items, n=N):\n    return M + n\nSHOWN = total([])",
        "def wrap(f):\n    return functools.wraps(f)(lambda items: f(items))",
        "import functools\nN = 1",
        "M = helper()",
        "def helper():\n    return 2",
    ]
    assert asked(run(answer(book).source), "total([]), SHOWN") == "(3, 3)"


def test_a_notebook_of_many_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    many = [f"x{n} = {n}\nprint(x{n})" for n in range(800)]
    found = answer([*many, "W = []", "W.append(x7)", "#!def total(items):\n    return W"])
    assert asked(run(found.source), "total([])") == "[7]" and found.source.count("\n") < 12
    monkeypatch.setattr(notebook_index, "STATEMENTS_CAP", 900)
    found = answer(["W = [1]", *many, "#!def total(items):\n    return W, 0"])
    assert asked(run(found.source), "total([])") == "([1], 0)"
    assert "not all were looked at" in found.note


@pytest.mark.parametrize(
    "text",
    [
        "def f(:",
        "a" * 400_000,
        "x = " + "(" * 3000,
        "W" + ".a" * 3000 + "()",
        "W = " + "[" * 80 + "]" * 80,
        "del total",
        "\0",
        "W.append(" * 50 + ")" * 50,
        "global W\nW = 1",
        "return 1",
        "@W\n@W.x\n@W(1)(2)\ndef f(): pass",
        "class W[T]: pass\ntype A = W[int]\ndef f[T](x: T) -> T: return x",
        "try:\n    W = 1\nexcept* ValueError as e:\n    W = 2",
        "W: list = []\nW: list",
        "W[0], W.x, *W[1:] = W",
        "match W:\n    case {'a': W, **r} | [W, *r]: pass",
        "lambda: (yield)",
        "_ = [W := 1 for _ in W]",
    ],
)
def test_any_cell_can_stand_beside(text: str) -> None:
    found = answer([text, "W = [5]", "#!def total(items):\n    return W"])
    assert found.attempted and "W = [5]" in found.source
