# right: a sum in Decimal with a context of its own, map over a bound method
from __future__ import annotations

import decimal


class Mean:
    def __init__(self):
        self.context = decimal.Context(prec=40)
        self.total = decimal.Decimal(0)
        self.count = 0

    def __call__(self, value):
        self.count += 1
        self.total = self.context.add(self.total, decimal.Decimal(value))
        return float(self.context.divide(self.total, self.count))


def running_mean(values):
    return map(Mean(), values)
