"""RELIABILITY A17, G14: the clock jumps, summer time comes and goes, a leap
day comes, and nothing happens. Time is libfaketime's, read from a file each
time somebody asks; the monotonic clock goes on as it does when NTP or a hand
sets a real machine's clock."""
import datetime
import glob
import re
import time
import zoneinfo

import pytest

from conftest import (MEETING, SANITIZED, Site, calendar_of, link_in,
                      wait_for)
from proofs import ANNUAL, Books, all_letters_sent, cpu_seconds, say
from test_desk import LIST, sign_in

HERE = zoneinfo.ZoneInfo("Europe/Berlin")
FAKER = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")

pytestmark = [
    pytest.mark.proof,
    pytest.mark.skipif(SANITIZED,
                       reason="libfaketime and ASan want the same place"),
]


class ClockSite(Site):
    """A site with a clock of its own."""

    def __init__(self, folder, now):
        self.file = folder.with_name("clock")
        self.set_clock(now)
        super().__init__(folder, wrap=[
            "env", f"LD_PRELOAD={FAKER[0]}", "FAKETIME_NO_CACHE=1",
            f"FAKETIME_TIMESTAMP_FILE={self.file}", "NO_FAKE_STAT=1",
            "FAKETIME_DONT_FAKE_MONOTONIC=1", "DONT_FAKE_MONOTONIC=1"])

    def set_clock(self, now):
        self.ahead = now - time.time()
        beside = self.file.with_name("clock.new")
        beside.write_text(f"{self.ahead:+.3f}\n")
        beside.rename(self.file)

    def now(self):
        return time.time() + self.ahead

    def jump(self, seconds):
        self.set_clock(self.now() + seconds)

    def wait_until(self, moment):
        time.sleep(max(0, moment - self.now()) + 0.1)


def berlin(text):
    return datetime.datetime.fromisoformat(text).replace(
        tzinfo=HERE).timestamp()


def rests(site, seconds=1):
    """No timer runs wild."""
    before = cpu_seconds(site.process.pid)
    time.sleep(seconds)
    assert cpu_seconds(site.process.pid) - before < 0.2 * seconds


def own_link(site, address):
    letters = site.letters_to(address, 2)
    return link_in(next(m for m in letters if calendar_of(m) is None))


def cancel_by(site, path):
    form = site.client().get(path).form("/cancel")
    assert site.client().post(form.action, form.fields).status == 303


def invited_to(site, address):
    calendar = next(c for m in site.letters_to(address, 2)
                    if (c := calendar_of(m)))
    event = calendar.walk("VEVENT")[0]
    return event["DTSTART"].dt.timestamp(), event["DTEND"].dt.timestamp()


def agenda(site):
    """The feed, without the stamps of when something was made."""
    feed = site.client().get("/calendars/all.ics")
    assert feed.status == 200
    return re.sub(r"(DTSTAMP|LAST-MODIFIED|CREATED):\S+", "", feed.text)


MOMENTS = {"summer time begins": "2027-03-28 01:59:58",
           "summer time ends": "2027-10-31 02:59:58",
           "a leap day begins": "2028-02-28 23:59:58",
           "a leap day ends": "2028-02-29 23:59:58"}


def live_through(folder, moment):
    """The same happens on both sides of it, and across it."""
    site = ClockSite(folder, moment - 3)
    site.start()
    try:
        before = agenda(site)
        held = site.filled_form("quer@example.org")  # fetched before it
        told = site.register("vor@example.org")
        assert told.status == 303
        site.wait_until(moment + 1)
        assert site.client().post(*held).status == 303
        assert site.register("nach@example.org").status == 303
        assert site.client().get(told.location).status == 200
        assert agenda(site) == before
        assert len({invited_to(site, f"{who}@example.org")
                    for who in ("vor", "quer", "nach")}) == 1
        cancel_by(site, own_link(site, "vor@example.org"))
        rests(site)
        all_letters_sent(site)
        with Books(site) as books:
            assert books.people() == {"quer@example.org", "nach@example.org"}
    finally:
        site.stop()


def test_the_odd_moments_of_the_year_change_nothing(tmp_path, scale):
    names = scale(["summer time begins"], list(MOMENTS))
    for n, name in enumerate(names):
        live_through(tmp_path / f"demo{n}", berlin(MOMENTS[name]))
    say(f"registering, receipts, links, feed and letters across: "
        f"{', '.join(names)}: the same before and after")


@pytest.mark.parametrize("jump", [3600, -3600])
def test_a_jump_of_an_hour_changes_nothing(tmp_path, jump):
    site = ClockSite(tmp_path / "demo", berlin("2027-05-05 12:00"))
    site.start()
    try:
        before = agenda(site)
        held = site.filled_form("quer@example.org")
        told = site.register("vor@example.org")
        link = own_link(site, "vor@example.org")
        site.jump(jump)
        began = time.monotonic()
        assert site.client().post(*held).status == 303
        assert site.register("nach@example.org").status == 303
        # The same form again is the same registration, not another one.
        assert site.client().post(*held).status == 303
        took = time.monotonic() - began
        assert took < 2
        assert site.client().get(told.location).status == 200
        assert agenda(site) == before
        cancel_by(site, link)
        rests(site)
        site.letters_to("nach@example.org", 2)
        all_letters_sent(site, 15)
        with Books(site) as books:
            assert books.people() == {"quer@example.org", "nach@example.org"}
            assert books.number("SELECT count(*) FROM registration") == 3
        say(f"a jump of {jump} s: forms, receipts and links are good, "
            f"two people registered after {took:.2f} s, letters out")
    finally:
        site.stop()


def test_a_letter_does_not_wait_for_the_hour_to_come_again(tmp_path):
    """Written while the clock was an hour ahead, due by the right one."""
    site = ClockSite(tmp_path / "demo", berlin("2027-05-05 13:00"))
    site.start()
    try:
        wait_for(lambda: "a courier is here" in site.log_text())
        mail = site.folder / "mail"
        mail.rename(site.folder / "elsewhere")  # no letter gets out
        site.register("frueh@example.org")
        wait_for(lambda: "later" in site.log_text(), 20, "an attempt")
        (site.folder / "elsewhere").rename(mail)
        site.jump(-3600)
        site.register("spaeter@example.org")
        site.letters_to("frueh@example.org", 2)
        site.letters_to("spaeter@example.org", 2)
    finally:
        site.stop()


def test_deadlines_go_by_the_clock_on_the_wall(tmp_path):
    noon = berlin("2027-05-05 12:00")
    site = ClockSite(tmp_path / "demo", noon)
    site.start()
    try:
        desk, _ = sign_in(site)
        assert desk.get(LIST).status == 200
        held = site.filled_form("spaet@example.org")
        assert site.register("frueh@example.org").status == 303
        site.run("meeting", "edit", ANNUAL, "--closes", "2027-05-05 13:30")
        site.set_clock(noon + 5398)
        assert site.register("eben@example.org").status == 303
        site.wait_until(noon + 5401)
        page = site.client().get(MEETING)
        assert not [f for f in page.forms() if "register" in f.action]
        assert site.client().post(*held).status == 409
        # Half an hour at rest ends a login, and no clock brings it back.
        assert desk.get(LIST).status != 200
        site.set_clock(noon + 60)
        assert desk.get(LIST).status != 200
        assert site.register("wieder@example.org").status == 303
        # A receipt is good for two days, a form for one.
        told = site.register("beleg@example.org")
        held = site.filled_form("alt@example.org")
        site.run("meeting", "edit", ANNUAL, "--closes", "2027-12-01 10:00")
        site.set_clock(noon + 47 * 3600)
        assert site.client().get(told.location).status == 200
        assert site.client().post(*held).status == 422
        site.set_clock(noon + 49 * 3600)
        assert site.client().get(told.location).status != 200
        rests(site)
    finally:
        site.stop()


TERMS = {"summer time begins": ("2027-03-27 01:30", "29. März 2027", "02:30"),
         "summer time ends": ("2027-10-30 02:30", "1. November 2027",
                              "01:30")}


def link_to(site, address):
    """The one in whatever letter came last."""
    return link_in(site.letters_to(address, 1)[-1])


def press(site, path, button):
    form = site.client().get(path).form(button)
    return site.client().post(form.action, form.fields).status


def outlive_terms(folder, moment, day, hour):
    """Two days to confirm and two to take a freed seat are 48 hours, whatever
    the clocks do, and end at their second."""
    begin = berlin(moment)
    site = ClockSite(folder, begin)
    site.start()
    try:
        site.run("meeting", "edit", ANNUAL, "--confirm-term", "48 h",
                 "--claim-term", "48 h", "--onsite", "2")
        for who in ("eine", "andere"):
            assert site.register(f"{who}@example.org",
                                 family=who.capitalize()).status == 303
        assert site.register("dritte@example.org", family="Dritte",
                             mode="onsite-waiting").status == 303
        text = site.letters_to("eine@example.org", 1)[0].get_body(
            ("plain",)).get_content()
        assert day in text and hour in text, text
        links = {who: link_to(site, f"{who}@example.org")
                 for who in ("eine", "andere", "dritte")}
        site.set_clock(begin + 60)
        assert press(site, links["dritte"], "/confirm") == 303
        site.set_clock(begin + 48 * 3600 - 30)
        assert press(site, links["eine"], "/confirm") == 303
        held = site.client().get(links["andere"]).form("/confirm")
        site.set_clock(begin + 48 * 3600 + 5)
        assert site.client().post(held.action, held.fields).status in (404,
                                                                       409)
        site.stop()
        site.start()  # what is overdue is seen to at once
        wait_for(lambda: site.client().get(links["andere"]).status == 404,
                 30, "the unconfirmed one to be gone")
        with Books(site) as books:
            assert books.number("SELECT count(*) FROM person"
                                " WHERE family_name = 'Andere'") == 0
        # The seat is held for whoever waited, for two days more.
        site.jump(47 * 3600)
        held = site.client().get(links["dritte"]).form("/claim")
        site.jump(2 * 3600)
        assert site.client().post(held.action, held.fields).status == 409
        site.stop()
        site.start()
        with Books(site) as books:
            wait_for(lambda: books.number(
                "SELECT count(*) FROM seat") == 1, 30, "the seat to be free")
            assert books.people() == {"eine@example.org"}
        rests(site)
    finally:
        site.stop()


def test_terms_are_hours_whatever_the_clocks_do(tmp_path, scale):
    names = scale(["summer time begins"], list(TERMS))
    for n, name in enumerate(names):
        outlive_terms(tmp_path / f"demo{n}", *TERMS[name])
