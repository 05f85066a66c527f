class CountUp:
    def __init__(self, limit)
        self.limit = limit
