# wrong: a decorator takes its name when it is made  [test_duplicate_decorators]
import difflib


class ModelFactory:
    def __init__(self):
        self.classes, self.taken = {}, set()

    def register(self, name):
        def decorator(cls):
            if name in self.classes:
                raise ValueError(f"{name} is taken")
            self.classes[name] = cls
            return cls

        if name in self.taken:
            raise ValueError(f"{name} is taken")
        self.taken.add(name)
        return decorator

    def create(self, name, **options):
        if name not in self.classes:
            near = difflib.get_close_matches(name, self.classes)
            raise ValueError(f"unknown model {name}; perhaps {near}")
        return self.classes[name](**options)

    def names(self):
        return list(self.classes)
