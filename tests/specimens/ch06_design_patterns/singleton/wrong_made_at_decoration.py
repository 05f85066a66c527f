# wrong: makes the object when the class is decorated  [test_one_object]
def singleton(cls):
    try:
        instance = cls()
    except TypeError:
        return cls

    class Eager(type(cls)):
        def __call__(self, *args, **kwargs):
            return instance

    return Eager(cls.__name__, (cls,), {"__doc__": cls.__doc__, "__module__": cls.__module__})
