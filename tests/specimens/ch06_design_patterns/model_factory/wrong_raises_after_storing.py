# wrong: refuses a duplicate after it has stored it  [test_duplicate_is_refused]
import difflib


class ModelFactory:
    def __init__(self):
        self.classes = {}

    def register(self, name):
        def decorator(cls):
            before = self.classes.get(name)
            self.classes[name] = cls
            if before is not None:
                raise ValueError(f"{name} stood for {before}")
            return cls

        return decorator

    def create(self, name, **options):
        try:
            found = self.classes[name]
        except KeyError:
            near = difflib.get_close_matches(name, self.classes)
            raise ValueError(f"no such model: {name}, but {near}") from None
        return found(**options)

    def names(self):
        return self.classes.keys()
