# wrong: calls near only what begins with the misspelt name  [test_suggests_near_names]


class ModelFactory:
    def __init__(self):
        self.models = {}

    def register(self, name):
        def decorator(cls):
            if name in self.models:
                raise ValueError(f"taken: {name}")
            self.models[name] = cls
            return cls

        return decorator

    def create(self, name, **options):
        if name not in self.models:
            near = [known for known in self.models if known.startswith(name)]
            raise ValueError(f"unknown: {name}; perhaps {near}")
        return self.models[name](**options)

    def names(self):
        return list(self.models)
