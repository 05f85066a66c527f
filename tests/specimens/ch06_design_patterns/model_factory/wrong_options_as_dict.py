# wrong: passes the options as one positional dict  [test_passes_options_on]
import difflib


class ModelFactory:
    def __init__(self):
        self.models = {}

    def register(self, name):
        def decorator(cls):
            if name in self.models:
                raise ValueError(f"no second {name}")
            self.models[name] = cls
            return cls

        return decorator

    def create(self, name, **options):
        if name not in self.models:
            raise ValueError(f"no {name}: {difflib.get_close_matches(name, self.models)}")
        return self.models[name](options)

    def names(self):
        return list(self.models)
