# wrong: one object for a name and its options  [test_makes_objects_when_asked]
import difflib


class ModelFactory:
    def __init__(self):
        self.models, self.made = {}, {}

    def register(self, name):
        def decorator(cls):
            if name in self.models:
                raise ValueError(f"{name}: one is enough")
            self.models[name] = cls
            return cls

        return decorator

    def create(self, name, **options):
        if name not in self.models:
            raise ValueError(f"{name}: not {difflib.get_close_matches(name, self.models)}?")
        key = name, repr(sorted(options.items()))
        if key not in self.made:
            self.made[key] = self.models[name](**options)
        return self.made[key]

    def names(self):
        return tuple(self.models)
