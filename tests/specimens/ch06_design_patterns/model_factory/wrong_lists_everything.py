# wrong: lists all the names there are and suggests none  [test_suggests_near_names]


class ModelFactory:
    def __init__(self):
        self.models = {}

    def register(self, name):
        def decorator(cls):
            if name in self.models:
                raise ValueError(f"model {name!r} is defined twice")
            self.models[name] = cls
            return cls

        return decorator

    def create(self, name, **options):
        if name not in self.models:
            raise ValueError(f"unknown model {name!r}. Choose from {self.names()}")
        return self.models[name](**options)

    def names(self):
        return sorted(self.models)
