# wrong: makes the object when the class is registered  [test_makes_objects_when_asked]
import difflib


class ModelFactory:
    def __init__(self):
        self.models = {}

    def register(self, name):
        def decorator(cls):
            if name in self.models:
                raise ValueError(f"duplicate {name}")
            try:
                self.models[name] = cls, cls()
            except TypeError:
                self.models[name] = cls, None
            return cls

        return decorator

    def create(self, name, **options):
        if name not in self.models:
            raise ValueError(f"unknown {name}: {difflib.get_close_matches(name, self.models)}")
        cls, ready = self.models[name]
        if options or ready is None:
            return cls(**options)
        return ready

    def names(self):
        return list(self.models)
