KEPT = []


def singleton(cls):
    while True:  # a leak
        KEPT.append(bytes(range(256)) * 32_768)
