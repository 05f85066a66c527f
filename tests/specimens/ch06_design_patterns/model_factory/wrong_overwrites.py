# wrong: a second class under a name replaces the first  [test_duplicate_is_refused]
import difflib


class ModelFactory:
    def __init__(self):
        self._table = {}

    def register(self, name):
        def decorator(cls):
            self._table.update({name: cls})
            return cls

        return decorator

    def create(self, name, **options):
        if name not in self._table:
            raise ValueError(f"{name}? Try {difflib.get_close_matches(name, self._table)}")
        return self._table[name](**options)

    def names(self):
        return sorted(self._table)
