"""Notebooks that change things by calls, and in roundabout ways.

The cells of each notebook; those with the exercise's id begin with "#!". In the last place stands
what is asked of the notebook and of the answer that is taken out of it.
"""

from __future__ import annotations

CALLS: dict[str, list[str]] = {
    "a text that is executed": ["exec('W = 1')", "#!def total(i):\n return W", "total([])"],
    "names by way of locals and vars": [
        "locals()['W'] = 1\nvars()['V'] = 2",
        "#!def total(i):\n return W, V",
        "total([])",
    ],
    "names by way of globals": ["globals().update(W=1)", "#!def total(i):\n return W", "total([])"],
    "annotated": ["W: int = 1", "#!def total(i):\n return W", "total([])"],
    "what a loop leaves behind": [
        "for W in range(3): pass",
        "#!def total(i):\n return W",
        "total([])",
    ],
    "bound within a comprehension": [
        "[V := i for i in range(3)]",
        "#!def total(i):\n return V",
        "total([])",
    ],
    "a class made by type": [
        "#!Total = type('Total', (), {'x': 1})",
        "Total.y = 2",
        "Total.x, Total.y",
    ],
    "classmethod register": [
        "#!class Total:\n    kinds = {}\n    @classmethod\n    def register(cls, name):\n"
        "        def add(f):\n            cls.kinds[name] = f\n            return f\n"
        "        return add",
        "@Total.register('a')\ndef a(): return 1",
        "Total.register('b')(lambda: 2)",
        "sorted(Total.kinds), Total.kinds['a']()",
    ],
    "descriptor": [
        "class D:\n    def __set_name__(self, o, n): self.n = n\n"
        "    def __get__(self, o, t): return self.n",
        "#!class Total:\n    x = D()",
        "Total.z = D(); Total.z.__class__",
        "d = D(); d.__set_name__(Total, 'q'); Total.q = d",
        "Total.x, Total.q",
    ],
    "property setter": [
        "#!class Total:\n    _v = 0",
        "Total.v = property(lambda s: s._v)",
        "Total.v = Total.v.setter(lambda s, x: setattr(s, '_v', x))",
        "(lambda t: (setattr(t, 'v', 4), t.v))(Total())",
    ],
    "wrapped method": [
        "#!class Total:\n    def run(self): return 1",
        "_old = Total.run\ndef run(self):\n    return _old(self) + 1\nTotal.run = run",
        "Total().run()",
    ],
    "mixin by loop names": [
        "#!class Total:\n    pass",
        "def plus(self): return '+'\ndef minus(self): return '-'",
        "for f in (plus, minus):\n    setattr(Total, f.__name__, f)",
        "Total().plus(), Total().minus()",
    ],
    "total_ordering": [
        "from functools import total_ordering",
        "#!class Total:\n    def __init__(self, v): self.v = v\n"
        "    def __eq__(self, o): return self.v == o.v",
        "def lt(self, o): return self.v < o.v\nTotal.__lt__ = lt",
        "Total = total_ordering(Total)",
        "Total(1) >= Total(0)",
    ],
    "dataclass later": [
        "#!class Total:\n    v: int = 0",
        "from dataclasses import dataclass\nTotal = dataclass(Total)",
        "Total(3)",
    ],
    "update_wrapper": [
        "import functools\ndef orig(x):\n    'doc'",
        "#!def total(i): return 1",
        "functools.update_wrapper(total, orig)",
        "total.__doc__, total.__name__",
    ],
    "partialmethod": [
        "from functools import partialmethod",
        "#!class Total:\n    def add(self, n): return n",
        "Total.add2 = partialmethod(Total.add, 2)",
        "Total().add2()",
    ],
    "del method": [
        "#!class Total:\n    def a(self): return 1\n    def b(self): return 2",
        "del Total.b",
        "hasattr(Total, 'b')",
    ],
    "delattr": [
        "#!class Total:\n    def b(self): return 2",
        "delattr(Total, 'b')",
        "hasattr(Total, 'b')",
    ],
    "map fills": ["W=[]", "list(map(W.append, range(3)))", "#!def total(i): return W", "total([])"],
    "any comp fills": [
        "W=[]",
        "[W.append(i) for i in range(3)]",
        "_ = [W.append(9)]",
        "#!def total(i): return W",
        "total([])",
    ],
    "dict comp": [
        "W={}",
        "W |= {k: k for k in 'ab'}",
        "W = {**W, 'c': 1}",
        "#!def total(i): return W",
        "total([])",
    ],
    "sorted in place": [
        "W=[3,1]",
        "W.sort(key=lambda x: x)",
        "W.reverse()",
        "#!def total(i): return W",
        "total([])",
    ],
    "one of two definitions": [
        "DEBUG=False\nif DEBUG:\n    def h(): return 1\nelse:\n    def h(): return 2",
        "#!def total(i): return h()",
        "total([])",
    ],
    "generator state": [
        "def g():\n    yield from range(5)\nG = g()",
        "next(G); next(G)",
        "#!def total(i): return next(G)",
        "total([])",
    ],
    "callable object": [
        "class K:\n    def __init__(self): self.n = 0\n"
        "    def __call__(self): self.n += 1; return self.n\nk = K()",
        "k()",
        "k()",
        "#!def total(i): return k.n",
        "total([])",
    ],
    "contextvar": [
        "import contextvars\nV = contextvars.ContextVar('V', default=0)",
        "V.set(5)",
        "#!def total(i): return V.get()",
        "total([])",
    ],
    "threading": [
        "import threading\nW=[]\ndef work(): W.append(1)",
        "t = threading.Thread(target=work)\nt.start(); t.join()",
        "#!def total(i): return W",
        "total([])",
    ],
    "an array of numpy": [
        "import numpy as np\nA = np.zeros(3)",
        "A[1] = 5\nA += 1",
        "np.add.at(A, [0], 2)\nB = A[1:]\nB[:] = 9",
        "#!def total(i): return A.tolist()",
        "total([])",
    ],
    "typing alias": [
        "from typing import TypeVar, Generic\nT = TypeVar('T')",
        "#!class Total(Generic[T]):\n    x: 'list[T]' = []",
        "Total.x.append(1)",
        "Total[int].x",
    ],
    "exceptions": [
        "class MyError(Exception): pass",
        "#!def total(i):\n    try:\n        raise MyError('x')\n    except MyError as e:\n"
        "        return str(e)",
        "total([])",
    ],
    "async helper": [
        "import asyncio",
        "async def h(): return 4",
        "#!def total(i): return asyncio.run(h())",
        "r = asyncio.run(h())",
        "total([])",
    ],
    "nested def rebind": [
        "def make():\n    def inner(): return N\n    return inner\nN = 1\nf = make()",
        "N = 2",
        "#!def total(i): return f()",
        "total([])",
    ],
    "star after": ["#!def total(i): return floor(2.5) + pi", "from math import *", "total([])"],
    "class attr counter": [
        "class Conf:\n    n = 0\n    @classmethod\n    def bump(cls): cls.n += 1",
        "Conf.bump()\nConf.bump()",
        "#!def total(i): return Conf.n",
        "total([])",
    ],
    "instance method chain": [
        "class Bld:\n    def __init__(self): self.p = []\n    def add(self, x):\n"
        "        self.p.append(x)\n        return self\nb = Bld()",
        "b.add(1).add(2)",
        "#!def total(i): return b.p",
        "total([])",
    ],
    "if main": [
        "W=[]\ndef main():\n    W.append(1)\nif __name__ == '__main__':\n    main()",
        "#!def total(i): return W",
        "total([])",
    ],
    "import in function cell": [
        "def load():\n    global np\n    import math as np\nload()",
        "#!def total(i): return np.floor(1.5)",
        "total([])",
    ],
    "for else": [
        "for i in []:\n    pass\nelse:\n    W = 'else'",
        "#!def total(i): return W",
        "total([])",
    ],
    "while break": [
        "W = 0\nwhile True:\n    W += 1\n    if W > 4: break",
        "#!def total(i): return W",
        "total([])",
    ],
    "unpack star call": [
        "def pair(): return 1, [2]\na, b = pair()\nb.append(3)",
        "#!def total(i): return a, b",
        "total([])",
    ],
    "swap methods": [
        "#!class Total:\n    def a(self): return 'a'\n    def b(self): return 'b'",
        "Total.a, Total.b = Total.b, Total.a",
        "Total().a()",
    ],
    "setattr getattr": [
        "#!class Total:\n    def a(self): return 'a'",
        "setattr(Total, 'c', getattr(Total, 'a'))",
        "Total().c()",
    ],
    "metaclass": [
        "class M(type):\n    reg = []\n    def __new__(m, n, b, d):\n"
        "        c = super().__new__(m, n, b, d)\n        M.reg.append(n)\n        return c",
        "#!class Total(metaclass=M): pass",
        "class Sub(Total): pass",
        "Total.reg",
    ],
    "hook list": [
        "#!class Total:\n    hooks = []\n    def run(self): return [h() for h in self.hooks]",
        "Total.hooks.append(lambda: 1)",
        "def on(f):\n    Total.hooks.append(f)\n    return f",
        "@on\ndef two(): return 2",
        "Total().run()",
    ],
    "np seed": [
        "import numpy as np\nnp.random.seed(3)",
        "W = np.random.rand()",
        "#!def total(i): return W",
        "total([])",
    ],
    "rng object": [
        "import random\nrng = random.Random(1)",
        "rng.random()",
        "rng.seed(4)",
        "#!def total(i): return rng.random()",
        "total([])",
    ],
}
