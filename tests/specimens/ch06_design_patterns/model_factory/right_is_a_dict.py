# right: the factory is a dict itself; names() is its view of keys, the taken name fails early
from difflib import get_close_matches


class ModelFactory(dict):
    def register(self, name):
        if name in self:
            raise ValueError(f"register: name={name!r} is already in use")

        def decorator(cls):
            if name in self:
                raise ValueError(f"{name!r} came into use meanwhile")
            return self.setdefault(name, cls)

        return decorator

    def create(self, name, **options):
        try:
            cls = self[name]
        except KeyError:
            hint = get_close_matches(name, self.keys(), n=1, cutoff=0.5)
            text = f"unknown model {name!r}."
            if hint:
                text += f" Did you mean {hint[0]!r}?"
            raise ValueError(text + f" Known are {', '.join(self)}") from None
        return cls(**options)

    def names(self):
        return self.keys()
