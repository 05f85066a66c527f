"""Notebooks that import, configure, shadow, and define again.

The cells of each notebook; those with the exercise's id begin with "#!". In the last place stands
what is asked of the notebook and of the answer that is taken out of it.
"""

from __future__ import annotations

from tests.notebooks.state_texts import FINE, STUB

MODULES: dict[str, list[str]] = {
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
    "a builtin of one's own": ["def sum(xs):\n    return 'my sum'", f"#!{FINE}", "total([])"],
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
    "globals by name": ["globals()['W'] = [1]", "#!def total(items):\n    return W", "total([])"],
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
