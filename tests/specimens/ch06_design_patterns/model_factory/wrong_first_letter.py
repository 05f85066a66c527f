# wrong: calls near only what has the same first letter  [test_suggests_near_names]
class ModelFactory:
    def __init__(self):
        self.classes = {}

    def register(self, name):
        def keep(cls):
            if name in self.classes:
                raise ValueError(f"{name} is taken")
            self.classes[name] = cls
            return cls

        return keep

    def create(self, name, **options):
        if name not in self.classes:
            near = [known for known in self.classes if known[:1] == name[:1]]
            hint = f" Did you mean {near[0]}?" if near else ""
            raise ValueError(f"There is no model {name}.{hint}")
        return self.classes[name](**options)

    def names(self):
        return list(self.classes)
