def singleton(cls):
    instance = cls()

    def get(*args, **kwargs):
        return instance

    return get


@singleton
class Config:
    def __init__(self, path):
        self.path = path
