# wrong: two counters share one state  [test_keeps_its_progress]
class CountUp:
    state = {"n": 0}

    def __init__(self, limit):
        if isinstance(limit, bool) or not isinstance(limit, int):
            raise TypeError(f"limit {limit!r}")
        self.limit = limit
        self.state["n"] = 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.state["n"] >= self.limit:
            raise StopIteration
        self.state["n"] += 1
        return self.state["n"]
