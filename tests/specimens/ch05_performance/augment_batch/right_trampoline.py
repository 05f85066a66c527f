# right: np.multiply into an empty array; meta copied by generators on a stack, without recursion
from __future__ import annotations

import numpy as np


def _copying(node):
    if type(node) is dict:
        fresh = {}
        for key in node:
            fresh[key] = yield node[key]
    elif type(node) is list or type(node) is tuple:
        fresh = []
        for child in node:
            fresh.append((yield child))
        if type(node) is tuple:
            fresh = tuple(fresh)
    else:
        fresh = node
    return fresh


def _copy(node):
    stack = [_copying(node)]
    value = None
    while stack:
        try:
            child = stack[-1].send(value)
        except StopIteration as stop:
            stack.pop()
            value = stop.value
        else:
            stack.append(_copying(child))
            value = None
    return value


class _Brighter:
    def __init__(self, factor):
        self.factor = factor

    def image(self, old):
        if self.factor == 1:
            return old
        new = np.empty(old.shape, np.float32)
        np.multiply(old, self.factor, out=new, dtype=np.float32)
        return new

    def __call__(self, sample):
        return dict(
            image=self.image(sample["image"]), label=sample["label"], meta=_copy(sample["meta"])
        )


def augment_batch(batch, brightness):
    return list(map(_Brighter(float(brightness)), batch))
