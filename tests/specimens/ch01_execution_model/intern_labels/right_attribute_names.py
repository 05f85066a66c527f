# right: labels become attribute names of a scrap object, which Python interns itself
class Names:
    pass


def intern_labels(labels):
    names = Names()
    out = []
    for label in labels:
        if not isinstance(label, str):
            raise TypeError("not a string: %r" % (label,))
        if label not in vars(names):
            setattr(names, str.__str__(label), None)
            vars(names)[label] = next(reversed(vars(names)))
        out.append(vars(names)[label])
    return out
