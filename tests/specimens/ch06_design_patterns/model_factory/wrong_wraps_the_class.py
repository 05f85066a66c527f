# wrong: returns a subclass in place of the class  [test_register_returns_the_class]
import difflib


class ModelFactory:
    def __init__(self):
        self.models = {}

    def register(self, name):
        def decorator(cls):
            if name in self.models:
                raise ValueError(f"there is a {name} already")
            named = type(cls.__name__, (cls,), {"registered_name": name})
            self.models[name] = named
            return named

        return decorator

    def create(self, name, **options):
        if name not in self.models:
            raise ValueError(f"{name}? {difflib.get_close_matches(name, self.models)}")
        return self.models[name](**options)

    def names(self):
        return list(self.models)
