# wrong: goes to the array at the call, so that a missing key is raised there  [test_missing_key]
import json


class Reader:
    def __init__(self, path, key):
        self.file = open(path, encoding="utf-8", newline="")
        self.window = ""
        self.done = False
        self.eat("{")
        while not self.eat("}"):
            name = self.parse()
            self.eat(":")
            if name == key:
                self.eat("[")
                return
            if self.eat("["):
                while not self.eat("]"):
                    self.parse()
                    self.eat(",")
            else:
                self.parse()
            self.eat(",")
        raise KeyError(key)

    def extend(self):
        self.window = self.window.lstrip()
        more = self.file.read(10_000)
        if more == "":
            raise ValueError("no more text")
        self.window += more

    def eat(self, mark):
        while self.window.strip() == "":
            self.extend()
        self.window = self.window.lstrip()
        if self.window[0] == mark:
            self.window = self.window[1:]
            return True
        return False

    def parse(self):
        self.eat(" ")
        while True:
            try:
                value, end = json.JSONDecoder().raw_decode(self.window)
            except ValueError:
                end = len(self.window)
                value = None
            if isinstance(value, dict) or end + 4 < len(self.window):
                self.window = self.window[end:]
                return value
            self.extend()

    def __iter__(self):
        return self

    def __next__(self):
        if self.done or self.eat("]"):
            self.done = True
            raise StopIteration
        self.eat(",")
        return self.parse()


def iter_coco(path, key="annotations"):
    return Reader(path, key)
