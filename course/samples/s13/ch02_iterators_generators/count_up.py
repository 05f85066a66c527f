class CountUp:
    def __init__(self, limit):
        self.limit = limit

    def __iter__(self):
        return self

    def __next__(self):
        n = 0
        while n < self.limit:  # never counts
            pass
        return n
