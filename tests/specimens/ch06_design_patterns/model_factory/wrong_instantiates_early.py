# wrong: makes an object when the class is registered, to see whether it works  [test_makes_objects_when_asked]
import contextlib
import difflib


class ModelFactory:
    def __init__(self):
        self.models = {}

    def register(self, name):
        def decorator(cls):
            if name in self.models:
                raise ValueError(f"duplicate {name}")
            with contextlib.suppress(TypeError):
                cls()
            self.models[name] = cls
            return cls

        return decorator

    def create(self, name, **options):
        if name not in self.models:
            raise ValueError(f"unknown {name}: {difflib.get_close_matches(name, self.models)}")
        return self.models[name](**options)

    def names(self):
        return list(self.models)
