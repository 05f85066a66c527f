# wrong: one dict in the class's body for all factories  [test_factories_are_independent]
import difflib


class ModelFactory:
    _models = {}  # noqa: RUF012

    def register(self, name):
        def decorator(cls):
            if name in self._models:
                raise ValueError(f"{name} exists")
            self._models[name] = cls
            return cls

        return decorator

    def create(self, name, **options):
        if name not in self._models:
            near = difflib.get_close_matches(name, self._models)
            raise ValueError(f"no {name}; did you mean one of {near}?")
        return self._models[name](**options)

    def names(self):
        return list(self._models)
