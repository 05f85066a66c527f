# wrong: awaits each before the next begins  [test_overlaps]


async def gather_limited(factories, limit):
    if limit < 1:
        raise ValueError("limit must be at least one")
    results = []
    for factory in factories:
        results.append(await factory())
    return results
