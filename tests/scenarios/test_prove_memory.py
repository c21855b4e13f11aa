"""RELIABILITY A9, G13: memory runs out once, at each allocation of a
registration, an export and a mail in turn. The process may end, or answer
that something went wrong; it may not tell a lie or leave a half.

ASan brings its own malloc and cannot be made to fail one by one; what is
touched after a failure is watched by valgrind instead, in tools/prove."""
import http.client
import mmap
import os
import re
import signal
import struct
import subprocess

import pytest

from conftest import (BINARY, MEETING, SANITIZED, TOOLS, Site,
                      wait_for)
from proofs import Books, Crowd, all_letters_sent, say, spooled
from test_desk import CSV, rows_of, sign_in

pytestmark = [
    pytest.mark.proof,
    pytest.mark.skipif(SANITIZED,
                       reason="ASan has its own malloc"),
]

NEVER = -1
# libical 3 does not look at what realloc() gave it when a line grows, and has
# no way to hand it an allocator that ends the process instead. It falls over
# the null pointer before anything is written, and that ends the process too.
MAY_FALL = "libical.so"


class Orders:
    """To failing_malloc.c, in memory shared with it."""

    def __init__(self, path):
        self.path = path
        path.write_bytes(bytes(24))
        self.file = open(path, "r+b")
        self.shared = mmap.mmap(self.file.fileno(), 24)

    def give(self, pid, left=NEVER):
        struct.pack_into("=qqq", self.shared, 0, 0, left, 0)
        struct.pack_into("=q", self.shared, 0, pid)

    def end(self):
        """How many allocations were made, and whether one failed."""
        _, left, made = struct.unpack_from("=qqq", self.shared)
        struct.pack_into("=q", self.shared, 0, 0)
        return made, left < 0


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    path = tmp_path_factory.mktemp("malloc") / "failing_malloc.so"
    subprocess.run(["cc", "-Wall", "-Wextra", "-Werror", "-O2", "-fPIC",
                    "-shared", "-o", str(path),
                    str(TOOLS / "failing_malloc.c")], check=True)
    return path


class MemorySite(Site):
    def __init__(self, folder, library, wrap=()):
        super().__init__(folder, wrap=[
            *wrap, "env", f"LD_PRELOAD={library}",
            f"FAILING_MALLOC={folder.with_name('orders')}"])
        self.orders = Orders(folder.with_name("orders"))
        self.aborted = self.fallen = 0

    def after_the_failure(self):
        """Starts again if it ended, which it may only do of its own will."""
        try:
            assert self.client().get(MEETING).status == 200
            return
        except (OSError, http.client.HTTPException):
            self.process.wait(10)
        assert self.process.returncode in (-signal.SIGABRT, -signal.SIGSEGV)
        fallen = self.log_text().split("fell over:\n")[1:]
        for calls in fallen:
            culprit = next(call for call in calls.splitlines() if not
                           re.search("failing_malloc|libc.so", call))
            assert MAY_FALL in culprit, calls
        self.fallen = len(fallen)
        self.aborted += self.process.returncode == -signal.SIGABRT
        self.kill()
        self.start()


@pytest.fixture
def starved(tmp_path, library):
    site = MemorySite(tmp_path / "demo", library).start()
    site.set_seats(onsite=1000000)
    yield site
    site.orders.end()
    if site.process:
        site.stop()


def spread(count, most):
    """So many of the first `count` numbers, all if there are fewer."""
    return sorted({n * count // most for n in range(min(most, count))}
                  if most < count else range(count))


def tried_all(site):
    """Every letter was sent or put off: one whose text met the failure
    waits a minute, and those behind it."""
    if site.process.poll() is not None:
        return True
    with Books(site) as books:
        return not books.letters("state = 0 AND due_at <= created_at")


def count_of(site, pid, deed):
    """How many allocations the deed costs, once everything is warm."""
    for _ in range(3):
        site.orders.give(pid)
        deed()
        wait_for(lambda: tried_all(site), 20, "rest")
        made, _ = site.orders.end()
    return made


def test_in_a_registration(starved, scale):
    site, told = starved, {}
    crowd = Crowd(site, threads=0)
    count = count_of(site, site.process.pid, crowd.register)
    for k in spread(count, scale(8, 100000)):
        site.orders.give(site.process.pid, k)
        answer = crowd.register()
        wait_for(lambda: tried_all(site), 20, "rest")
        site.orders.end()
        word = answer.status if answer else "none"
        told[word] = told.get(word, 0) + 1
        site.after_the_failure()
        with Books(site) as books:
            books.check(crowd.acked, crowd.tried)
    site.run("mail", "retry")
    letters = all_letters_sent(site, 200)
    with Books(site) as books:
        books.check(crowd.acked, crowd.tried, thorough=True)
    assert letters == spooled(site)
    assert set(told) <= {303, 500, 503, "none"} and site.aborted
    say(f"{count} allocations in a registration and its letters; answers "
        f"while one failed: {told}, {site.aborted} aborts, {site.fallen} "
        f"falls in libical, 0 half there")


def test_in_an_export(starved, scale):
    site, told = starved, {}
    crowd = Crowd(site, threads=0)
    for _ in range(30):
        assert crowd.register().status == 303
    all_letters_sent(site)
    desk, _ = sign_in(site)
    count = count_of(site, site.process.pid, lambda: desk.get(CSV))
    for k in spread(count, scale(8, 100000)):
        site.orders.give(site.process.pid, k)
        try:
            answer = desk.get(CSV)
            word = answer.status
            if word == 200:
                assert len(rows_of(answer)) == 31
        except (OSError, http.client.HTTPException):
            word = "none or cut"
        site.orders.end()
        told[word] = told.get(word, 0) + 1
        site.after_the_failure()
    assert set(told) <= {200, 500, 503, "none or cut"}, told
    assert len(rows_of(desk.get(CSV))) == 31
    say(f"{count} allocations in an export: {told}, {site.aborted} aborts, "
        f"{site.fallen} falls, 0 short")


class Courier:
    """One of our own making, so that none waits to be started again."""

    def __init__(self, site, library, log):
        self.process = subprocess.Popen(
            [str(BINARY), "courier", "--config",
             str(site.folder / "convened.conf")], stderr=log,
            stdin=subprocess.DEVNULL, env={
                **os.environ, "LD_PRELOAD": str(library),
                "FAILING_MALLOC": str(site.orders.path)})

    def dead(self):
        return self.process.poll() is not None

    def code(self):
        return self.process.wait(20)


def test_in_a_mail(starved, library, tmp_path, scale):
    """Whatever the courier dies of, its letters are there for the next."""
    site, codes = starved, {}
    site.stop()
    serve_alone(site)
    crowd = Crowd(site, threads=0)
    with open(tmp_path / "courier.log", "wb") as log:
        courier = Courier(site, library, log)
        count = count_of(site, courier.process.pid, crowd.register)
        for k in spread(count, scale(10, 100000)):
            site.orders.give(courier.process.pid, k)
            assert crowd.register().status == 303
            wait_for(lambda: courier.dead() or tried_all(site), 20)
            site.orders.end()
            if courier.dead():
                code = courier.code()
                codes[code] = codes.get(code, 0) + 1
                courier = Courier(site, library, log)
                wait_for(lambda: tried_all(site), 20)
        site.run("mail", "retry")
        letters = all_letters_sent(site)
        courier.process.terminate()
        assert courier.code() == 0
    assert letters == spooled(site)
    with Books(site) as books:
        books.check(crowd.acked, crowd.tried, thorough=True)
    # Ours aborts, GLib traps; nothing falls over a null pointer.
    assert codes and set(codes) <= {-signal.SIGABRT, -signal.SIGTRAP}, codes
    say(f"{count} allocations in two mails: the courier ended "
        f"{sum(codes.values())} times, {len(letters)} letters, 0 lost")


def serve_alone(site):
    site.log = open(site.log_path, "ab")
    site.process = subprocess.Popen(
        [str(BINARY), "serve", "--no-courier", "--config",
         str(site.folder / "convened.conf")], stdin=subprocess.DEVNULL,
        stdout=site.log, stderr=site.log)
    wait_for(site.answers, 20, "the server to answer")
