"""RELIABILITY A1, A2, G12: whenever a process is killed, whoever was told
that they are registered is, and nobody is half registered."""
import os
import random
import signal
import time

import pytest

from conftest import Client, Site, wait_for
from proofs import (Books, Crowd, Strace, alive, all_letters_sent, courier_of,
                    say, spooled)

pytestmark = pytest.mark.proof


@pytest.fixture
def own_site(tmp_path):
    """One that its test kills and starts."""
    site = Site(tmp_path / "demo").start()
    yield site
    if site.process:
        site.stop()


def kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass  # it was just starting again


def test_random_kills_under_load_lose_nothing(own_site, scale):
    site, kills = own_site, scale(10, 500)
    rnd = random.Random(2026)
    dead = {"server": 0, "courier": 0, "both": 0}
    online = 20
    site.set_seats(onsite=1000000, online=online)
    crowd = Crowd(site)
    for n in range(kills):
        crowd.start()
        wait_for(lambda seen=len(crowd.tried): len(crowd.tried) > seen, 20)
        time.sleep(rnd.uniform(0.02, 0.7))
        victim = rnd.choice(("server",) * 6 + ("courier", "both"))
        dead[victim] += 1
        if victim != "server":
            kill(courier_of(site))
        if victim != "courier":
            site.kill()
        crowd.stop()
        if victim != "courier":
            site.start()
        with Books(site) as books:
            books.check(crowd.acked, crowd.tried, thorough=n % 25 == 24)
        address = rnd.choice(list(crowd.acked))
        receipt = Client(site.port).get(crowd.acked[address])
        assert receipt.status == 200 and address in receipt.text
        if n % 10 == 9:  # full most of the time, and never more than full
            online += 20
            site.set_seats(online=online)
    crowd.end()
    # Whoever got no answer sends the form again, and is in once.
    unsure = set(crowd.tried) - set(crowd.acked) - set(crowd.refused)
    for address in unsure:
        if crowd.send(address, "onsite").status == 303:
            crowd.acked[address] = ""
    letters = all_letters_sent(site, scale(60, 600))
    with Books(site) as books:
        books.check(crowd.acked, crowd.tried, thorough=True)
        assert len(crowd.acked) == books.number(
            "SELECT count(*) FROM registration")
        assert letters == spooled(site)
    assert set(crowd.refused.values()) <= {409}, set(crowd.refused.values())
    assert crowd.refused, "the online seats never ran out"
    say(f"{kills} random kills ({dead}): {len(crowd.acked)} acknowledged, "
        f"{len(unsure)} without an answer, {len(crowd.refused)} refused as "
        f"full, {len(letters)} letters; 0 lost, 0 half there, 0 over")


# What one registration makes the two processes do, and could come to do.
CALLS = ("pwrite64", "fdatasync", "writev", "sendmsg", "sendto", "write",
         "fsync", "ftruncate", "openat", "rename", "unlink")


def die_at(site, folder, call, n, crowd):
    """One registration, during which every thread dies at its n-th such
    call, and its process with it. Whether any did."""
    all_letters_sent(site)
    time.sleep(0.3)  # the log is moved: nothing else is going on
    courier = courier_of(site)
    sent = len(spooled(site))
    with Strace(folder, [site.process.pid, courier], "-e", f"trace={call}",
                "-e", f"inject={call}:signal=KILL:when={n}"):
        crowd.register()

        def over():
            return (site.process.poll() is not None or not alive(courier) or
                    len(spooled(site)) >= sent + 2)

        wait_for(over, 20, "two letters, or a death")
        # The results are written, and the log is moved when all is idle.
        wait_for(lambda: not alive(courier) or
                 site.process.poll() is not None or settled(site), 20)
        time.sleep(0.3)
        died = site.process.poll() is not None
        courier_died = not alive(courier)
    if died:
        site.kill()
        site.start()
    return died or courier_died


def settled(site):
    with Books(site) as books:
        return not books.letters("state = 0")


def test_a_kill_at_any_call_of_one_registration(own_site, tmp_path, scale):
    """In short: only here and there."""
    site = own_site
    site.set_seats(onsite=10000, online=1000)
    crowd = Crowd(site)
    steps = {"pwrite64": scale(24, 1), "fdatasync": scale(3, 1),
             "writev": 1}
    deaths = {}
    for call in scale(("pwrite64", "fdatasync", "writev"), CALLS):
        n, last = 1, scale(30, 1000)
        while n <= last and die_at(site, tmp_path, call, n, crowd):
            with Books(site) as books:
                books.check(crowd.acked, crowd.tried)
            deaths[call] = deaths.get(call, 0) + 1
            n += steps.get(call, 1)
        assert n <= last or last == 30, "it never came through"
    for address in set(crowd.tried) - set(crowd.acked):
        assert crowd.send(address, "onsite").status == 303
        crowd.acked[address] = ""
    crowd.end()
    letters = all_letters_sent(site, 180)
    with Books(site) as books:
        books.check(crowd.acked, crowd.tried, thorough=True)
        assert len(books.people()) == len(crowd.tried)
        assert letters == spooled(site)
    assert deaths.get("pwrite64") and deaths.get("fdatasync")
    say(f"killed once at each call of one registration: {deaths}; "
        f"{len(crowd.tried)} registrations, 0 lost, 0 half there")
