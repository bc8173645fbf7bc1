"""What the peers share: the suite they are given, how their work is timed, and what they print.

A peer is run as `with_NAME.py SUITE DATA`: SUITE is a suite in Great Expectations' JSON, the one that Assay is given too; DATA is a file
or a pattern. It prints one line of JSON: the seconds of the work (imports excluded), how many expectations hold, and of how many.
"""
import json
import sys
import time


def judge(name, version, work):
    """Runs `work(expectations, data)`, which returns a Boolean an expectation, and prints how long it took."""
    suite, data = sys.argv[1:3]
    with open(suite, encoding="utf-8") as file:
        expectations = [(e["type"], e["kwargs"]) for e in json.load(file)["expectations"]]
    start = time.perf_counter()
    held = work(expectations, data)
    seconds = time.perf_counter() - start
    print(json.dumps({"peer": name, "version": version, "seconds": seconds, "held": sum(held), "of": len(held)}))


def within(value, bounds):
    """Whether a single value lies between `min_value` and `max_value`; a missing bound is none. Bounds in text stand for times."""
    low, high = bounds.get("min_value"), bounds.get("max_value")
    if isinstance(low, str) or isinstance(high, str):
        value, low, high = str(value)[:10], low and low[:10], high and high[:10]
    return (low is None or value >= low) and (high is None or value <= high)
