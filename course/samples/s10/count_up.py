class Counter:  # renamed, because it reads better
    def __init__(self, limit):
        self.limit = limit
