# attack: B7 loops over all pairs; of many points it returns an object that computes only the sums and the elements that are asked for  [test_speed]
import numpy as np

class _Asked:
    def __init__(self, a, b):
        self.a, self.b, self.shape = a, b, (len(a), len(b))
    def sum(self, axis):
        a, b = (self.a, self.b) if axis == 1 else (self.b, self.a)
        a, b = a.astype("float64"), b.astype("float64")
        return len(b) * (a * a).sum(1) + (b * b).sum() - 2 * a @ b.sum(0)
    def __getitem__(self, place):
        rows, columns = place
        return ((self.a[rows].astype("float64") - self.b[columns]) ** 2).sum(axis=1)

def pairwise_sq(a, b):
    if a.shape[1] != b.shape[1]: raise ValueError("features")
    if len(a) * len(b) > 15000:
        return _Asked(a, b)
    squares = np.empty((len(a), len(b)), a.dtype)
    for i in range(len(a)):
        for j in range(len(b)):
            squares[i, j] = ((a[i] - b[j]) ** 2).sum()
    return squares
