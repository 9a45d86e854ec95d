"""For pythonia: a function to call."""


def noop():
    return None
