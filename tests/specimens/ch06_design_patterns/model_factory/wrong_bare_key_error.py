# wrong: an unknown name is the dict's KeyError  [test_unknown_name]


class ModelFactory:
    def __init__(self):
        self.registry = {}

    def register(self, name):
        def inner(cls):
            if name in self.registry:
                raise ValueError(f"{name} is registered already")
            self.registry[name] = cls
            return cls

        return inner

    def create(self, name, **options):
        return self.registry[name](**options)

    def names(self):
        return list(self.registry.keys())
