"""What the scripts of the Python clients share: a table of scenarios, each run in a namespace of its own.

Prints `ok NAME`, `skipped NAME: why` or `not ok NAME: why`, one line a scenario, and ends with 1 where one failed.
"""
import sys
import time
import traceback
import uuid


class Skipped(Exception):
    """The cluster lacks what a scenario needs, such as a node."""


class Scenarios:
    def __init__(self):
        self.table = []

    def __call__(self, action):
        self.table.append((action.__name__.replace("_", "-"), action))
        return action

    def run(self, make_namespace, drop_namespace):
        wanted = set(sys.argv[2:])
        failed = False
        for name, action in self.table:
            if wanted and name not in wanted:
                continue
            namespace = f"conformance-{name}-{uuid.uuid4().hex[:6]}"
            try:
                make_namespace(namespace)
                try:
                    action(namespace)
                finally:
                    drop_namespace(namespace)
                print(f"ok {name}", flush=True)
            except Skipped as why:
                print(f"skipped {name}: {why}", flush=True)
            except Exception as error:  # every failure is one line for the table, its trace goes to standard error
                failed = True
                traceback.print_exc()
                print(f"not ok {name}: {type(error).__name__}: {' '.join(str(error).split())[:600]}", flush=True)
        sys.exit(1 if failed else 0)


def eventually(what, condition, seconds=30):
    """Asks until the answer is true; returns it."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s: {what}")
        time.sleep(0.05)


def expect(condition, what):
    if not condition:
        raise AssertionError(what)
