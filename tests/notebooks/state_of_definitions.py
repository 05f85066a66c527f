"""Notebooks whose classes and functions are changed in other cells than their own.

The cells of each notebook; those with the exercise's id begin with "#!". In the last place stands
what is asked of the notebook and of the answer that is taken out of it.
"""

from __future__ import annotations

from tests.notebooks.state_texts import FINE

DEFINITIONS: dict[str, list[str]] = {
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
    "another name for it": ["#!class Total:\n    pass", "T = Total\nT.kind = 'T'", "Total.kind"],
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
}
