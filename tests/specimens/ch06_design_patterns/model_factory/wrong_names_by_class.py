# wrong: one name for each class, the last one  [test_lists_its_names]
import difflib


class ModelFactory:
    def __init__(self):
        self.name_of = {}

    def register(self, name):
        def decorator(cls):
            if name in self.name_of.values():
                raise ValueError(f"{name} is taken")
            self.name_of[cls] = name
            return cls

        return decorator

    def create(self, name, **options):
        for cls, known in self.name_of.items():
            if known == name:
                return cls(**options)
        raise ValueError(f"{name}: {difflib.get_close_matches(name, self.name_of.values())}")

    def names(self):
        return list(self.name_of.values())
