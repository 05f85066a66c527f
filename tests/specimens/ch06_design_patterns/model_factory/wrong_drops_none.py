# wrong: leaves out options that are None, so that the class takes its default  [test_passes_options_on]
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
        if name not in self.classes:
            near = difflib.get_close_matches(name, self.classes)
            raise ValueError(f"unknown model {name}; perhaps {near}")
        return self.classes[name](**{k: v for k, v in options.items() if v is not None})

    def names(self):
        return list(self.classes)
