"""Letters when the relay is at its worst (RELIABILITY A5, A6, G15): nothing
is lost, nothing comes twice but where nobody can know, and pages do not
notice."""
import collections
import json
import os
import pathlib
import random
import signal
import sqlite3
import statistics
import time

import pytest

from conftest import SANITIZED, Site, free_port, wait_for
from relay import TROUBLES, Relay

pytestmark = pytest.mark.proof

DAY = 86400
FAKETIME = next(iter(sorted(pathlib.Path("/usr/lib").glob(
    "*/faketime/libfaketime.so.1"))), None)


def queue(site, state):
    done = site.run("mail", "queue", "--state", state, "--json")
    return json.loads(done.stdout)


def patient_site(folder, port, wrap=(), **mail):
    """A site whose courier does not wait long between attempts."""
    site = Site(folder, relay=f"smtp://127.0.0.1:{port}", wrap=wrap).start()
    site.stop()
    config = site.folder / "convened.conf"
    lines = [f"{k.replace('_', '-')} = {v}" for k, v in mail.items()]
    config.write_text(config.read_text().replace(
        "[mail]\n", "\n".join(["[mail]", *lines, ""])))
    site.start()
    site.set_seats(onsite=50000)
    return site


def register_many(site, people):
    """Each with two letters to come; returns the addresses and how long each
    took."""
    action, values = site.filled_form("x@example.org")
    client, took = site.client(), []
    email_field = next(k for k, v in values.items() if v == "x@example.org")
    for address in people:
        began = time.monotonic()
        answer = client.post(action, {**values, email_field: address})
        took.append(time.monotonic() - began)
        assert answer.status == 303, answer.text
    return took


def check_letters(relay, people, duplicates):
    """Two letters each, the confirmation first; nothing twice but so many."""
    seen, by_person = collections.Counter(), collections.defaultdict(list)
    contents = collections.defaultdict(set)
    for address, message in relay.messages():
        seen[message["Message-ID"]] += 1
        contents[message["Message-ID"]].add(message["Date"])
        if seen[message["Message-ID"]] == 1:
            by_person[address].append(message.get_content_type())
    assert set(by_person) == set(people)
    assert all(len(kinds) == 2 for kinds in by_person.values())
    twice = sum(n - 1 for n in seen.values())
    assert twice <= duplicates, f"{twice} duplicates of {duplicates}"
    return twice


@pytest.mark.skipif(FAKETIME is None, reason="needs libfaketime")
def test_five_days_without_relay(tmp_path, scale):
    """10,000 letters wait, and each arrives once, in its order."""
    if SANITIZED:
        pytest.skip("libfaketime and the sanitizers do not mix")
    offset = tmp_path / "offset"
    offset.write_text("+0")
    port = free_port()
    wrap = ["env", f"LD_PRELOAD={FAKETIME}", "FAKETIME_NO_CACHE=1",
            "FAKETIME_DONT_FAKE_MONOTONIC=1",
            f"FAKETIME_TIMESTAMP_FILE={offset}"]
    site = patient_site(tmp_path / "demo", port, wrap, timeout="5 s")
    people = [f"p{i}@example.org" for i in range(scale(100, 5000))]
    try:
        register_many(site, people)
        # Half a day at a time. A newcomer each time shows that pages do not
        # suffer, and wakes who sleeps by a clock that does not jump.
        took = []
        for step in range(1, 11):
            offset.write_text(f"+{step * DAY // 2 - 600}")
            people.append(f"late{step}@example.org")
            took += register_many(site, people[-1:])
            wait_for(lambda: tried_since(site, offset), 120,
                     "an attempt at each letter")
        assert not queue(site, "refused")
        assert statistics.median(took) < 1
        relay = Relay(port)
        try:
            offset.write_text(f"+{5 * DAY + 7200}")
            people.append("last@example.org")
            register_many(site, people[-1:])
            wait_for(lambda: len(relay.taken) >= 2 * len(people),
                     scale(60, 600), "all letters")
            wait_for(lambda: not queue(site, "queued"), 60, "a quiet queue")
            assert check_letters(relay, people, duplicates=0) == 0
            in_order(relay)
        finally:
            relay.close()
    finally:
        site.stop()


def tried_since(site, offset):
    """Has each letter been tried at the present time of the clock?"""
    now = time.time() + int(offset.read_text())
    database = sqlite3.connect(f"file:{site.folder}/convened.db?mode=ro",
                               uri=True)
    try:
        [[earliest]] = database.execute(
            "SELECT min(due_at) FROM letter WHERE state = 0")
    finally:
        database.close()
    return earliest > now - 60


def in_order(relay):
    """The confirmation comes before the invitation, for everybody."""
    first = {}
    for address, message in relay.messages():
        first.setdefault(address, message)
    for message in first.values():
        assert not any(part.get_content_type() == "text/calendar"
                       for part in message.walk())


def test_a_relay_that_fails_in_every_way_gets_everything_in(tmp_path, scale):
    dice = random.Random(5)
    order = list(TROUBLES) * scale(1, 40)
    dice.shuffle(order)
    port = free_port()
    site = patient_site(tmp_path / "demo", port, retry_min="1 s",
                        retry_max="1 s", timeout="1 s")
    relay = Relay(port, lambda: order.pop() if order and dice.random() < 0.7
                  else None)
    try:
        people = [f"p{i}@example.org" for i in range(scale(12, 300))]
        register_many(site, people)
        wait_for(lambda: not queue(site, "queued"), scale(90, 900),
                 "a quiet queue")
        assert not order, f"not played: {order}"
        assert not queue(site, "refused")
        unsure = relay.troubles.count("takes the letter and hangs up")
        check_letters(relay, people, duplicates=unsure)
    finally:
        relay.close()
        site.stop()


def courier_of(site):
    children = pathlib.Path(f"/proc/{site.process.pid}/task/"
                            f"{site.process.pid}/children").read_text()
    return int(children.split()[0]) if children.split() else None


def test_a_killed_courier_loses_nothing(tmp_path, scale):
    dice = random.Random(7)
    port = free_port()
    site = patient_site(tmp_path / "demo", port, retry_min="1 s",
                        retry_max="1 s", timeout="5 s")
    relay = Relay(port)
    kills, people = 0, []
    try:
        for turn in range(scale(4, 100)):
            new = [f"t{turn}n{i}@example.org" for i in range(10)]
            people += new
            register_many(site, new)
            time.sleep(dice.random() * 0.05)
            pid = wait_for(lambda: courier_of(site), 10, "a courier")
            os.kill(pid, signal.SIGKILL)
            kills += 1
        wait_for(lambda: not queue(site, "queued"), 120, "a quiet queue")
        twice = check_letters(relay, people, duplicates=kills)
        print(f"\n{kills} couriers killed, {2 * len(people)} letters, 0 lost,"
              f" {twice} twice")
    finally:
        relay.close()
        site.stop()
