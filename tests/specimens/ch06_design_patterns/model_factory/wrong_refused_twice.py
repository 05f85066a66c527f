# wrong: notes the name before it is refused, so names() has it twice  [test_duplicate_decorators]
import difflib


class ModelFactory:
    def __init__(self):
        self.classes, self.order = {}, []

    def register(self, name):
        if name in self.classes:
            raise ValueError(f"{name} is taken")

        def decorator(cls):
            self.order.append(name)
            if name in self.classes:
                raise ValueError(f"{name} is taken")
            self.classes[name] = cls
            return cls

        return decorator

    def create(self, name, **options):
        if name not in self.classes:
            near = difflib.get_close_matches(name, self.classes)
            raise ValueError(f"unknown model {name}; perhaps {near}")
        return self.classes[name](**options)

    def names(self):
        return list(self.order)
