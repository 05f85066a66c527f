# wrong: a mutable default argument, shared by all factories  [test_factories_are_independent]
from difflib import get_close_matches


class ModelFactory:
    def __init__(self, models={}):  # noqa: B006
        self.models = models

    def register(self, name):
        def decorator(cls):
            if name in self.models:
                raise ValueError(f"name {name!r} is in use")
            self.models[name] = cls
            return cls

        return decorator

    def create(self, name, **options):
        if name in self.models:
            return self.models[name](**options)
        raise ValueError(f"unknown name {name!r}, similar: {get_close_matches(name, self.models)}")

    def names(self):
        return sorted(self.models)
