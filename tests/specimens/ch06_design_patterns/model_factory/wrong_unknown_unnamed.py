# wrong: the error for an unknown name does not say which name  [test_unknown_name]
import difflib


class ModelFactory:
    def __init__(self):
        self._m = {}

    def register(self, name):
        def decorator(cls):
            if name in self._m:
                raise ValueError(f"already registered: {name}")
            self._m[name] = cls
            return cls

        return decorator

    def create(self, name, **options):
        if name not in self._m:
            raise ValueError(f"unknown; near {difflib.get_close_matches(name, self._m)}")
        return self._m[name](**options)

    def names(self):
        return set(self._m)
