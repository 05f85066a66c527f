# wrong: gives the table's label, file and line and all  [test_own_time]
import cProfile
import pstats


def hotspot(function, *args):
    with cProfile.Profile() as profile:
        function(*args)
    stats = pstats.Stats(profile)
    rows = {key: row[2] for key, row in stats.stats.items() if key[0] != "~"}
    return pstats.func_std_string(max(rows, key=rows.__getitem__))
