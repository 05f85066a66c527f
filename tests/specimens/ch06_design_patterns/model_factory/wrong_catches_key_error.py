# wrong: takes a KeyError of the model for an unknown name  [test_errors_of_the_class_pass]
import difflib


class ModelFactory:
    def __init__(self):
        self._models = {}

    def register(self, name):
        def decorator(cls):
            if name in self._models:
                raise ValueError(f"{name} already there")
            self._models[name] = cls
            return cls

        return decorator

    def create(self, name, **options):
        try:
            return self._models[name](**options)
        except KeyError as error:
            near = difflib.get_close_matches(name, self._models)
            raise ValueError(f"unknown model {name}; near: {near}") from error

    def names(self):
        return sorted(self._models)
