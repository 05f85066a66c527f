# wrong: registers a class under its own name, in small letters  [test_creates_by_name]
import difflib


class ModelFactory:
    def __init__(self):
        self.classes = {}

    def register(self, name):
        def decorator(cls):
            own = cls.__name__.lower()
            if own in self.classes:
                raise ValueError(f"{own} is taken")
            self.classes[own] = cls
            return cls

        return decorator

    def create(self, name, **options):
        if name not in self.classes:
            near = difflib.get_close_matches(name, self.classes)
            raise ValueError(f"unknown model {name}; perhaps {near}")
        return self.classes[name](**options)

    def names(self):
        return list(self.classes)
