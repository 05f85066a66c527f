# right: shifts
double = lambda x: x << 1
