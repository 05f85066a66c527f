# wrong: a class that is falsy counts as unknown  [test_makes_objects_when_asked]
import difflib


class ModelFactory:
    def __init__(self):
        self.classes = {}

    def register(self, name):
        def decorator(cls):
            if name in self.classes:
                raise ValueError(f"{name} is taken")
            self.classes[name] = cls
            return cls

        return decorator

    def create(self, name, **options):
        cls = self.classes.get(name)
        if not cls:
            near = difflib.get_close_matches(name, self.classes)
            raise ValueError(f"unknown model {name}; perhaps {near}")
        return cls(**options)

    def names(self):
        return list(self.classes)
