# wrong: a class may be registered again under its own name  [test_duplicate_is_refused]
import difflib


class ModelFactory:
    def __init__(self):
        self._classes = {}

    def register(self, name):
        def decorator(cls):
            if self._classes.setdefault(name, cls) is not cls:
                raise ValueError(f"name {name!r} is already registered")
            return cls

        return decorator

    def create(self, name, **options):
        if name not in self._classes:
            near = difflib.get_close_matches(name, self._classes)
            raise ValueError(f"unknown name {name!r}; did you mean {near}?")
        return self._classes[name](**options)

    def names(self):
        return sorted(self._classes)
