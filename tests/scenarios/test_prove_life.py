"""Ten thousand steps in the lives of registrations, over two seat pools and
all sorts of terms, against a model in Python: after each step everybody
stands as the model says, seats and queues too, and exactly the letters that
it expects were written."""
import os
import random
import subprocess

import pytest

from conftest import BUILD, SANITIZED
from life_model import (CLOSES, DAY, ENDS, HOUR, NOON, QUIET, STARTS, Model,
                        Terms)

DRIVER = BUILD / "tests" / "life_driver"


class Driver:
    """The rules themselves, on a database in memory."""

    def __init__(self, terms):
        words = [int(terms.waiting), terms.claim, terms.confirm,
                 terms.approval, int(terms.passing), terms.onsite,
                 terms.online]
        self.process = subprocess.Popen(
            [DRIVER, *map(str, words)], text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, env={**os.environ, "TMPDIR": "/dev/shm"})

    def play(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        said = []
        for answer in self.process.stdout:
            if answer == ".\n":
                return said
            said.append(answer.rstrip("\n"))
        raise AssertionError(f"the driver ended with {self.process.wait()}")

    def close(self):
        self.process.stdin.close()
        assert self.process.wait(timeout=60) == 0


def expected(model, outcome):
    said = [f"= 0 {outcome}"]
    for person in model.people:
        if person.stripped:
            continue
        waits = sorted(person.waits.values())
        said.append(" ".join(["r", person.name, person.state, person.mode] +
                             [f"{order}:{by}" for order, by in waits]))
    for mode in ("onsite", "online"):
        said.append(f"p {mode} {model.capacity[mode]} {model.taken(mode)}"
                    f" {len(model.queue(mode))}")
    said += [f"l {name} {kind} queued" for name, kind in model.letters]
    model.letters.clear()
    return said


def any_terms(chance):
    return Terms(waiting=chance.random() < 0.85,
                 claim=chance.choice([0, 0, HOUR, DAY]),
                 confirm=chance.choice([0, 0, 2 * DAY]),
                 approval=chance.choice([0, 0, 0, 1, 2]),
                 passing=chance.random() < 0.4,
                 onsite=chance.randrange(0, 12),
                 online=chance.randrange(0, 8))


class Chance:
    """Draws steps that make sense for whoever is there."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.now = NOON
        self.count = 0

    def pass_time(self, model):
        """Often to the very second at which something ends, or begins."""
        edges = [by for p in model.people for _, by in p.waits.values()]
        edges += [p.confirm_by for p in model.people]
        edges += [p.created + QUIET for p in model.people]
        ahead = sorted({e for e in edges if self.now < e <= ENDS})
        if ahead and self.random.random() < 0.25:
            self.now = max(self.now, ahead[0] - self.random.randrange(2))
            return
        self.now += self.random.choices(
            [0, self.random.randrange(1, 900),
             self.random.randrange(1, 2 * HOUR), self.random.randrange(DAY)],
            [3, 6, 3, 1])[0]

    def register(self):
        size = self.random.choices([1, 2, 3, 5], [12, 4, 2, 1])[0]
        self.count += 1

        def each(words, weights):
            return "".join(self.random.choices(words, weights, k=size))

        return ("register", f"n{self.count}", each("oi", [3, 2]),
                each("10", [6, 1]), each("01", [2, 1]),
                self.random.choice("001"))

    def somebody(self, model, wanted=lambda person: True):
        people = [p for p in model.people if not p.stripped and wanted(p)]
        return self.random.choice(people) if people else None

    def again(self, model):
        person = self.somebody(model, lambda p: p.live and not p.lead and
                               len(p.party) == 1 and "-" not in p.name)
        if not person:
            return self.register()
        mode = "o" if person.mode == "onsite" else "i"
        return ("register", person.name, mode, "1", "0", "0")

    def step(self, model):
        verb = self.random.choices(
            ["register", "again", "cancel", "undo", "confirm", "claim",
             "decide", "erase", "capacity", "expire", "switch", "stop",
             "hand"],
            [30, 4, 20, 6, 10, 10, 10, 3, 4, 12, 14, 3, 5])[0]
        likely = {
            "cancel": lambda p: p.live, "undo": lambda p: not p.live,
            "confirm": lambda p: p.confirm_by,
            "claim": lambda p: any(by for _, by in p.waits.values()),
            "decide": lambda p: p.state == "pending",
            "switch": lambda p: p.live, "stop": lambda p: len(p.waits) and
            p.state == "registered", "hand": lambda p:
            p.state == "registered",
            "erase": lambda p: not p.handed,
        }
        if verb == "again":
            return self.again(model)
        if verb == "capacity":
            mode = self.random.choice("oi")
            return (verb, mode, str(self.random.randrange(0, 14)))
        if verb == "expire":
            return (verb,)
        wanted = likely.get(verb) if self.random.random() < 0.9 else None
        person = self.somebody(model, wanted or (lambda p: True))
        if verb == "register" or not person:
            return self.register()
        self.count += verb == "hand"
        words = {"cancel": ["1" if self.random.random() < 0.3 else "0"],
                 "undo": [self.random.choice("01")],
                 "decide": [self.random.choice("011")],
                 "switch": ["i" if person.mode == "onsite" else "o",
                            self.random.choice("011")],
                 "hand": [f"n{self.count}", self.random.choice("01")]}
        return (verb, person.name, *words.get(verb, []))


def play(seed, steps):
    """One life of one meeting, from its opening past its end."""
    chance = Chance(seed)
    terms = any_terms(chance.random)
    model, driver = Model(terms), Driver(terms)
    for number in range(steps):
        chance.pass_time(model)
        if number == int(steps * 0.93):
            chance.now = max(chance.now, CLOSES - 1)
        if number in (int(steps * 0.96), int(steps * 0.98)):
            chance.now = max(chance.now, STARTS - (number < steps * 0.97))
        if number == int(steps * 0.99):
            chance.now = max(chance.now, ENDS - 1)
        step = chance.step(model)
        said = driver.play(" ".join([str(chance.now), *step]))
        act = getattr(model, {"capacity": "capacity_of"}.get(step[0],
                                                             step[0]))
        wanted = expected(model, act(chance.now, *step[1:]))
        assert said == wanted, (f"seed {seed}, step {number}: "
                                f"{chance.now} {step} with {terms}")
    driver.close()


@pytest.mark.proof
@pytest.mark.direct
def test_ten_thousand_steps_go_as_the_model_says(scale):
    lives = scale(4 if SANITIZED else 25, 250)
    first = int(os.environ.get("CONVENED_SEED", 1))
    for seed in range(first, first + lives):
        play(seed, 400)
