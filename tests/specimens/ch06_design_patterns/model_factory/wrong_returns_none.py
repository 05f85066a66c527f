# wrong: the decorator forgets to return the class  [test_register_returns_the_class]
import difflib


class ModelFactory:
    def __init__(self):
        self._known = {}

    def register(self, name):
        def remember(cls):
            if name in self._known:
                raise ValueError(f"{name!r} was registered before")
            self._known[name] = cls

        return remember

    def create(self, name, **options):
        cls = self._known.get(name)
        if cls is None:
            close = difflib.get_close_matches(name, self._known)
            raise ValueError(f"{name!r} is unknown. Close: {close}")
        return cls(**options)

    def names(self):
        return [*self._known]
