# wrong: takes the first near name without asking whether there is one  [test_unknown_name]
import difflib


class ModelFactory:
    def __init__(self):
        self._by_name = {}

    def register(self, name):
        def decorator(cls):
            if name in self._by_name:
                raise ValueError(f"{name} is a duplicate")
            self._by_name[name] = cls
            return cls

        return decorator

    def create(self, name, **options):
        if name not in self._by_name:
            best = difflib.get_close_matches(name, self._by_name)[0]
            raise ValueError(f"{name} is unknown, did you mean {best}?")
        return self._by_name[name](**options)

    def names(self):
        return iter(self._by_name)
