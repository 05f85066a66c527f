import threading


def _instance(cls):
    return cls()


def singleton(cls):
    class Meta(type(cls)):
        def __init__(new, *args, **kwargs):
            super().__init__(*args, **kwargs)
            new._lock = threading.Lock()
            new._instance = None

        def __call__(new, *args, **kwargs):
            with new._lock:
                if new._instance is None:
                    new._instance = super().__call__(*args, **kwargs)
                return new._instance

    slots = vars(cls).get("__slots__", ())
    slots = {slots} if isinstance(slots, str) else set(slots)
    dropped = slots | {"__dict__", "__weakref__"}
    members = {name: value for name, value in vars(cls).items() if name not in dropped}
    members["__qualname__"] = cls.__qualname__
    members["__copy__"] = lambda self: self
    members["__deepcopy__"] = lambda self, memo: self
    members["__reduce__"] = lambda self: (_instance, (type(self),))
    made = Meta(cls.__name__, cls.__bases__, members)
    # super() without arguments looks in this cell: it must find the new class
    for value in list(vars(made).values()):
        function = getattr(value, "__func__", value)
        for cell in getattr(function, "__closure__", None) or ():
            if cell.cell_contents is cls:
                cell.cell_contents = made
    return made
