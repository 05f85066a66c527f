# right: the methods are closures over a local dict; letters compared with SequenceMatcher
import difflib


class ModelFactory:
    def __init__(self):
        registry = {}

        def register(name, *, override=False):
            def wrap(cls):
                if not override and registry.get(name) is not None:
                    raise ValueError(f"{name!r}: this name has a class")
                registry[name] = cls
                return cls

            return wrap

        def create(name, /, **options):
            if name not in registry:
                likeness = {
                    known: difflib.SequenceMatcher(None, known, name).ratio() for known in registry
                }
                best = max(likeness, key=likeness.get, default="(nothing is registered)")
                raise ValueError(f"{name!r}: unknown; the nearest name is {best!r}")
            return registry[name](**options)

        self.register, self.create = register, create
        self.names = lambda: tuple(registry)
