"""Letters by SMTP: sent once, kept while the relay is away, limited for an
address that nobody has proven."""
import json
import socket
import time

import pytest
from aiosmtpd.controller import Controller

from conftest import Sink, Site, calendar_of, free_port, wait_for


@pytest.fixture
def mailing(tmp_path, sink):
    site = Site(tmp_path / "demo", relay=sink.url).start()
    yield site
    site.stop()


def queue(site, state):
    done = site.run("mail", "queue", "--state", state, "--json")
    return json.loads(done.stdout)


def test_letters_arrive_over_smtp(mailing, sink):
    mailing.register("erika@example.org")
    wait_for(lambda: len(sink.messages) == 2, 20, "two letters")
    assert {e.rcpt_tos[0] for e in sink.messages} == {"erika@example.org"}
    assert sum(calendar_of(m) is not None for m in sink.parsed()) == 1
    wait_for(lambda: len(queue(mailing, "sent")) == 2, 10, "both sent")


def test_a_refused_address_is_not_tried_again(mailing, sink):
    sink.answers["weg@example.org"] = "550 5.1.1 no such user"
    mailing.register("weg@example.org")
    wait_for(lambda: len(queue(mailing, "refused")) >= 1, 20, "a refusal")
    assert "550" in json.dumps(queue(mailing, "refused"))
    assert not sink.messages


def test_a_temporary_no_is_tried_again_later(mailing, sink):
    sink.answers["spaeter@example.org"] = "451 4.7.1 greylisted"
    mailing.register("spaeter@example.org")
    wait_for(lambda: any("451" in json.dumps(q)
                         for q in queue(mailing, "queued")), 20, "a 451")
    del sink.answers["spaeter@example.org"]
    mailing.run("mail", "retry")
    wait_for(lambda: len(sink.messages) == 2, 20, "both letters")


def test_a_relay_that_is_away_loses_nothing(tmp_path):
    port = free_port()
    site = Site(tmp_path / "demo", relay=f"smtp://127.0.0.1:{port}").start()
    try:
        site.register("erika@example.org")
        wait_for(lambda: any(q.get("attempts") for q in
                             queue(site, "queued")), 20, "a first attempt")
        handler = Sink()
        controller = Controller(handler, hostname="127.0.0.1", port=port)
        controller.start()
        try:
            site.run("mail", "retry")
            wait_for(lambda: len(handler.messages) == 2, 20, "both letters")
        finally:
            controller.stop()
    finally:
        site.stop()


def test_connections_are_kept(mailing, sink):
    for i in range(10):
        mailing.register(f"p{i}@example.org")
    wait_for(lambda: len(sink.messages) == 20, 30, "twenty letters")


def test_one_unproven_address_gets_few_letters(tmp_path, sink):
    """Five hundred different people's names on one stranger's address."""
    site = Site(tmp_path / "demo", relay=sink.url).start()
    try:
        site.set_seats(onsite=2000)
        for i in range(12):
            site.register("opfer@example.org", family=f"Name{i}")
        site.register("ende@example.org")
        wait_for(lambda: any(e.rcpt_tos == ["ende@example.org"]
                             for e in sink.messages), 20, "the last letter")
        time.sleep(1)
        to_victim = [e for e in sink.messages
                     if e.rcpt_tos == ["opfer@example.org"]]
        # three steps an hour, the invitation is shared
        assert 1 <= len(to_victim) <= 6
        assert queue(site, "suppressed")
    finally:
        site.stop()


def test_a_slow_relay_does_not_slow_the_page(tmp_path):
    silent = socket.socket()
    silent.bind(("127.0.0.1", 0))
    silent.listen(64)
    site = Site(tmp_path / "demo", relay="smtp://127.0.0.1:%d"
                % silent.getsockname()[1]).start()
    try:
        for i in range(20):
            began = time.monotonic()
            assert site.register(f"p{i}@example.org").status == 303
            assert time.monotonic() - began < 2
    finally:
        site.stop()
        silent.close()
