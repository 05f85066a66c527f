# wrong: turns the model's TypeError into its own ValueError  [test_errors_of_the_class_pass]
from difflib import get_close_matches


class ModelFactory:
    def __init__(self):
        self.models = {}

    def register(self, name):
        def decorator(cls):
            if name in self.models:
                raise ValueError(f"{name} is registered")
            self.models[name] = cls
            return cls

        return decorator

    def create(self, name, **options):
        cls = self.models.get(name)
        if cls is None:
            raise ValueError(f"{name}: did you mean {get_close_matches(name, self.models)}?")
        try:
            return cls(**options)
        except TypeError as error:
            raise ValueError(f"bad options for {name}: {options}") from error

    def names(self):
        return list(self.models)
