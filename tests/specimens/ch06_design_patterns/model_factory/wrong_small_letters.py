# wrong: names are kept and listed in small letters  [test_lists_its_names]
import difflib


class ModelFactory:
    def __init__(self):
        self._classes = {}

    def register(self, name):
        key = name.lower()

        def decorator(cls):
            if key in self._classes:
                raise ValueError(f"name {name!r} is already registered")
            self._classes[key] = cls
            return cls

        return decorator

    def create(self, name, **options):
        key = name.lower()
        if key not in self._classes:
            near = difflib.get_close_matches(name, self._classes)
            raise ValueError(f"unknown name {name!r}; did you mean {near}?")
        return self._classes[key](**options)

    def names(self):
        return sorted(self._classes)
