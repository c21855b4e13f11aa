"""Who was erased is in no file, and the counts are right all the same."""
import datetime
import email
import email.policy
import json
import re
import sqlite3
import subprocess
import time
import zoneinfo

import pytest

from conftest import (BINARY, MEETING, SANITIZED, Site, calendar_of,
                      link_in, names, wait_for)
from test_desk import LIST, sign_in
from test_prove_relay import FAKETIME

DAY = 86400
PATH = "sachsen/arbeit-2030"


class Marked:
    """Somebody whose every detail is found again if it is anywhere."""

    def __init__(self, number):
        self.number = number
        self.given = f"Zwqa{number}vor"
        self.family = f"Zwqb{number}nach"
        self.organisation = f"Zwqc{number}haus"
        self.address = f"zwqd{number}post@example.org"
        self.path = self.reference = None

    def register(self, site, **more):
        page = site.client().get(MEETING)
        form = page.form("/register")
        extra = names(form, organisation=self.organisation)
        answer = site.register(self.address, given=self.given,
                               family=self.family, **extra, **more)
        assert answer.status == 303, answer.text
        return answer

    def learn(self, site):
        """Link and code, from the letter."""
        letters = site.letters_to(self.address, 2)
        return self.read(next(m for m in letters if calendar_of(m) is None))

    def read(self, letter):
        self.path = link_in(letter)
        text = letter.get_body(("plain",)).get_content()
        self.reference = re.search(r"\b[A-HJ-NP-Z2-9]{7}\b", text).group()
        return self

    @property
    def marks(self):
        token = self.path.split("/")[-1] if self.path else ""
        return [m for m in (self.given, self.family, self.organisation,
                            self.address, self.reference, token) if m]


def register_all(site, people):
    for person in people:
        person.register(site)
    files = wait_for(lambda: (lambda all: all if len(all) == len(people)
                              else None)(sorted((site.folder / "mail").glob(
                                  "*-letter.eml"))), 60, "all letters")
    letters = [email.message_from_bytes(f.read_bytes(),
                                        policy=email.policy.default)
               for f in files]
    for person in people:
        person.read(next(m for m in letters if person.address in m["To"]))


def found(site, marks):
    """Which of them stand in which file below the site's folder, or in its
    log; folded too, as the indices have them."""
    files = [p for p in site.folder.rglob("*") if p.is_file()]
    hits = set()
    for path in [*files, site.log_path]:
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue
        for mark in marks:
            for form in {mark, mark.lower()}:
                if form.encode() in content:
                    hits.add((mark, path.name))
    return hits


def wait_until_gone(site, marks):
    """Within the minute that docs/decisions/0018 promises."""
    end = time.monotonic() + 60
    while found(site, marks) and time.monotonic() < end:
        time.sleep(0.1)
    assert found(site, marks) == set()


def rows(site, sql):
    database = sqlite3.connect(f"file:{site.folder}/convened.db?mode=ro",
                               uri=True)
    try:
        return database.execute(sql).fetchall()
    finally:
        database.close()


def erase_by_link(site, person):
    client = site.client()
    page = client.get(person.path + "/erase")
    assert page.status == 200
    form = page.form("/erase")
    return client.post(form.action, form.fields)


def test_own_data_is_complete_and_nobody_elses(site):
    anna, bernd = Marked(1), Marked(2)
    bernd.address = anna.address  # colleagues with one mailbox
    anna.register(site)
    anna.learn(site)
    bernd.register(site)
    answer = site.client().get(anna.path + "/data.json")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"].startswith("application/json")
    assert "attachment" in answer.headers["content-disposition"]
    data = json.loads(answer.text)
    assert data["person"]["given_name"] == anna.given
    assert data["person"]["family_name"] == anna.family
    assert data["person"]["email"] == anna.address
    assert data["person"]["organisation"] == anna.organisation
    assert data["registration"]["reference"] == anna.reference
    assert data["registration"]["state"] == "registered"
    assert data["registration"]["link"].endswith(anna.path)
    assert {m["kind"] for m in data["letters"]} >= {"confirmation",
                                                    "invitation"}
    assert {m["to"] for m in data["letters"]} == {anna.address}
    assert [d["what"] for d in data["log"]] == ["register"]
    assert data["calendar_invitation"]["uid"]
    assert data["email_address"]["letters_asked_for_of_late"]
    assert bernd.family not in answer.text
    # Everything that the row has is in there.
    [row] = rows(site, "SELECT p.*, r.reference FROM person p JOIN"
                       " registration r ON r.person_id = p.id"
                       f" WHERE family_name = '{anna.family}'")
    for value in row:
        if isinstance(value, str) and value:
            assert value in answer.text


def test_the_form_the_letter_and_the_copy_name_one_day(site):
    for keep in (365, 0):  # whoever was told a day is not told a later one
        site.run("meeting", "edit", PATH, "--keep-days", str(keep))
        [[ends]] = rows(site, "SELECT ends_at FROM meeting WHERE slug ="
                              " 'arbeit-2030'")
        day = datetime.datetime.fromtimestamp(
            ends, zoneinfo.ZoneInfo("Europe/Berlin")).date()
        day += datetime.timedelta(days=keep)
        months = ("Januar Februar März April Mai Juni Juli August September "
                  "Oktober November Dezember").split()
        words = f"{day.day}. {months[day.month - 1]} {day.year}"
        assert f"löschen sie am {words}" in site.client().get(MEETING).text
        person = Marked(keep)
        person.register(site)
        person.learn(site)
        letter = next(m for m in site.letters_to(person.address, 2)
                      if calendar_of(m) is None)
        assert words in letter.get_body(("plain",)).get_content()
        assert words in site.client().get(person.path).text
        data = json.loads(site.client().get(person.path +
                                            "/data.json").text)
        assert data["data_protection"]["deleted_on"] == day.isoformat()


def test_looking_at_the_page_changes_nothing(site):
    person = Marked(1)
    person.register(site)
    person.learn(site)
    before = rows(site, "SELECT * FROM registration")
    for end in ("/erase", "/data.json"):
        for _ in range(2):
            assert site.client().get(person.path + end).status == 200
    form = site.client().get(person.path + "/erase").form("/erase")
    assert site.client().post(form.action, {}).status == 403
    assert site.client().post(
        form.action, form.fields,
        headers={"Sec-Fetch-Site": "cross-site"}).status == 403
    assert rows(site, "SELECT * FROM registration") == before


def test_an_entry_that_was_taken_back_is_not_promised_to_be(site):
    person = Marked(1)
    person.register(site)
    person.learn(site)
    page = person.path + "/erase"
    assert "In Ihrem Kalender steht ein Termin" in site.client().get(page).text
    site.run("meeting", "cancel", MEETING.removeprefix("/de/"),
             "--reason-de", "Sturm.", "--reason-en", "A storm.", "--yes")
    site.letters_to(person.address, 4)
    wait_for(lambda: "In Ihrem Kalender steht ein Termin" not in
             site.client().get(page).text, 20, "the letter to be noted")
    assert "noch eine letzte E-Mail" not in \
        erase_by_link(site, person).text


@pytest.mark.parametrize("lang", ["de", "en"])
def test_erasing_by_link_takes_the_entry_back_and_leaves_nothing(site, lang):
    person = Marked(1)
    person.register(site, lang=lang)
    person.learn(site)
    person.path = f"/{lang}/r/" + person.path.split("/")[-1]
    uid = next(str(calendar_of(m).walk("VEVENT")[0]["UID"])
               for m in site.letters_to(person.address, 2) if calendar_of(m))
    page = site.client().get(person.path + "/erase").text
    assert {"de": "höchstens 6 Tage", "en": "at most 6 days"}[lang] in page
    answer = erase_by_link(site, person)
    assert answer.status == 200
    assert {"de": "Ihre Daten sind gelöscht",
            "en": "Your data has been deleted"}[lang] in answer.text
    for end in ("", "/erase", "/data.json"):
        gone = site.client().get(person.path + end)
        unknown = site.client().get(f"/{lang}/r/" + "A" * 43 + end)
        assert gone.status == unknown.status == 404
    wait_until_gone(site, person.marks + [uid])
    assert not any(p.name.endswith(".eml")
                   for p in (site.folder / "mail").iterdir())
    assert rows(site, "SELECT count(*) FROM letter") == [(0,)]
    assert rows(site, "SELECT sum(taken) FROM pool JOIN meeting m ON m.id ="
                      " meeting_id WHERE m.slug = 'arbeit-2030'") == [(0,)]
    assert site.count() == 0


def test_the_last_letter_reaches_the_relay_before_the_address_goes(
        tmp_path, sink):
    site = Site(tmp_path / "demo", relay=sink.url).start()
    try:
        person = Marked(1)
        person.register(site)
        wait_for(lambda: len(sink.messages) == 2, what="two letters")
        person.path = next(link_in(m) for m in sink.parsed()
                           if calendar_of(m) is None)
        assert erase_by_link(site, person).status == 200
        wait_for(lambda: len(sink.messages) == 3, what="the last letter")
        last = sink.parsed()[-1]
        event = calendar_of(last).walk("VEVENT")[0]
        assert calendar_of(last)["METHOD"] == "CANCEL"
        assert person.address in str(event["ATTENDEE"])
        for name in (person.given, person.family):
            assert name.encode() not in sink.messages[-1].content
        wait_until_gone(site, person.marks)
    finally:
        site.stop()


def test_a_relay_that_is_away_keeps_the_address_and_nothing_else(tmp_path):
    site = Site(tmp_path / "demo", relay="smtp://127.0.0.1:9").start()
    try:
        person = Marked(1)
        person.register(site)
        [[letter]] = wait_for(lambda: rows(
            site, "SELECT id FROM letter WHERE attempts > 0 AND kind = 0"))
        site.run("erase", PATH, "--email", person.address)
        person.path = person.reference = None
        wait_for(lambda: not found(site, [person.given, person.family,
                                          person.organisation]), 60)
        # The invitation was not sent for certain: so nobody is left waiting
        # for a withdrawal that a relay away would hold up for ever.
        done = site.run("erase", "--everywhere", "--email", person.address,
                        "--prove", check=False) if not rows(
            site, "SELECT 1 FROM letter") else None
        assert done is None or done.returncode == 0
        assert site.count() == 0
    finally:
        site.stop()


def test_the_command_erases_and_proves(site):
    people = [Marked(i) for i in range(3)]
    for person in people:
        person.register(site)
    for person in people:
        person.learn(site)
    done = site.run("erase", PATH, people[0].reference, "--prove")
    assert "erased: 1 registration" in done.stdout
    assert re.search(r"searched: \d+ files, \d+ bytes, for \d+ traces: "
                     r"0 found", done.stdout), done.stdout
    assert not found(site, people[0].marks)
    done = site.run("erase", "--everywhere", "--email",
                    people[1].address.upper(), "--prove", "--json")
    record = json.loads(done.stdout)
    assert record["people"] == 1 and record["searched"]["found"] == 0
    assert not found(site, people[1].marks)
    # As proof for somebody who is gone already; and it would find somebody.
    done = site.run("erase", "--everywhere", "--email", people[1].address,
                    "--prove")
    assert "erased: 0 registrations" in done.stdout
    (site.folder / "forgotten.txt").write_text(
        f"an old list: {people[1].address}\n")
    assert "forgotten.txt" in prove_at_rest(site, people[1].address)
    assert found(site, people[2].marks)
    assert site.count() == 1


def prove_at_rest(site, address):
    """Without a server nothing is waited for."""
    site.stop()
    done = site.run("erase", "--everywhere", "--email", address, "--prove",
                    check=False)
    site.start()
    assert done.returncode == 65, done.stdout + done.stderr
    return done.stdout


def test_mistakes_of_the_command_are_said(site):
    for words in (["erase"], ["erase", PATH], ["erase", "--everywhere"],
                  ["erase", PATH, "ABCDEFG", "--email", "a@example.org"],
                  ["erase", "--everywhere", "--email", "nonsense"]):
        assert site.run(*words, check=False).returncode == 64, words
    done = site.run("erase", PATH, "ABCDEFG", check=False)
    assert done.returncode == 65 and "ABCDEFG" in done.stderr


def test_files_of_letters_go_when_the_courier_is_back(site):
    """Erased without a server: the courier hears of it at the next start."""
    person = Marked(1)
    person.register(site)
    person.learn(site)
    site.stop()
    site.run("erase", PATH, person.reference)
    assert list((site.folder / "mail").glob("*.eml"))
    site.start()
    wait_until_gone(site, person.marks)


def faked(tmp_path):
    """A clock for the site, and the wrap that makes it look at it."""
    offset = tmp_path / "offset"
    offset.write_text("+0")
    return offset, ["env", f"LD_PRELOAD={FAKETIME}", "FAKETIME_NO_CACHE=1",
                    "FAKETIME_DONT_FAKE_MONOTONIC=1",
                    f"FAKETIME_TIMESTAMP_FILE={offset}"]


def set_clock(site, offset, at):
    """Off at that hour, and on again."""
    site.stop()
    offset.write_text(f"+{int(at - time.time())}")
    site.start()


def assert_gone_at_rest(site, marks):
    """Under libfaketime a thread may sleep longer than it wants to, and the
    writer empties its log when it wakes: so it is looked at when it has
    stopped. That it does so while running is shown without a false clock."""
    wait_for(lambda: rows(site, "SELECT count(*) FROM stray") == [(0,)], 60,
             "the courier to forget")
    site.stop()
    assert not found(site, marks)
    site.start()


@pytest.mark.skipif(FAKETIME is None, reason="needs libfaketime")
@pytest.mark.parametrize("ends, keep", [
    # Promised in summer, erased in winter; and the other way round; and on
    # the day itself, which has 25 hours.
    ("2027-09-07 15:00", 90), ("2027-03-07 15:00", 90),
    ("2027-10-31 02:30", 0), ("2027-06-05 23:30", 1),
])
def test_the_promised_day_is_kept(tmp_path, ends, keep):
    if SANITIZED:
        pytest.skip("libfaketime and the sanitizers do not mix")
    berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    end = datetime.datetime.fromisoformat(ends).replace(tzinfo=berlin)
    offset, wrap = faked(tmp_path)
    begin = end - datetime.timedelta(hours=2)
    site = Site(tmp_path / "demo", wrap=wrap).start()
    try:
        site.run("meeting", "edit", PATH, "--starts",
                 begin.strftime("%Y-%m-%d %H:%M"), "--ends", ends,
                 "--closes", begin.strftime("%Y-%m-%d %H:%M"),
                 "--keep-days", str(keep))
        people = [Marked(i) for i in range(4)]
        register_all(site, people)
        day = datetime.date.fromisoformat(json.loads(site.client().get(
            people[0].path + "/data.json").text)[
                "data_protection"]["deleted_on"])
        midnight = datetime.datetime.combine(day, datetime.time(),
                                             tzinfo=berlin)
        due = max(midnight.timestamp(), end.timestamp())
        set_clock(site, offset, due - 60)
        time.sleep(1)
        assert site.count() == 4
        set_clock(site, offset, due + 1)
        next_day = midnight.replace(tzinfo=None) + datetime.timedelta(days=1)
        assert due + 1 + 300 < next_day.replace(tzinfo=berlin).timestamp()
        wait_for(lambda: site.count() == 0, 20, "the purge")
        assert_gone_at_rest(site, [m for p in people for m in p.marks])
        client, _ = sign_in(site)
        page = client.get(LIST).text
        assert "wie zugesagt am" in page and "4" in page
        assert rows(site, "SELECT state, sum(people) FROM tally GROUP BY"
                          " state") == [(2, 4)]
    finally:
        site.stop()


@pytest.mark.skipif(FAKETIME is None, reason="needs libfaketime")
def test_two_hundred_marks_of_people_of_every_way_are_nowhere(tmp_path):
    """Registered, cancelled, back again, listed, exported, refused; erased
    by link, by command and by the calendar: not a byte is left of any of
    them, in no file and no line of the log."""
    if SANITIZED:
        pytest.skip("libfaketime and the sanitizers do not mix")
    offset, wrap = faked(tmp_path)
    site = Site(tmp_path / "demo").start()
    site.stop()
    config = site.folder / "convened.conf"
    config.write_text(config.read_text() +
                      "\n[log]\nrequests = yes\nlevel = debug\n")
    site.start()
    try:
        people = [Marked(i) for i in range(100, 140)]
        register_all(site, people)
        live = walk_about(site, people)
        marks = [m for p in people for m in p.marks]
        assert len(marks) >= 200
        by_link, by_command = people[:13], people[13:26]
        for person in by_link:
            assert erase_by_link(site, person).status == 200
        for i, person in enumerate(by_command):
            words = [person.reference] if i % 2 else ["--email",
                                                      person.address]
            site.run("erase", PATH, *words)
        wait_until_gone(site, [m for p in people[:26] for m in p.marks])
        left = [p for p in people[26:] if p in live]
        assert site.count("--state", "registered") == len(left)
        assert rows(site, "SELECT sum(taken) FROM pool") == \
            rows(site, "SELECT count(*) FROM seat") == [(len(left),)]
        site.run("erase", "--everywhere", "--email", people[0].address,
                 "--prove")
        [[ends]] = rows(site, "SELECT ends_at FROM meeting WHERE slug ="
                              " 'arbeit-2030'")
        site.wrap = wrap
        set_clock(site, offset, ends + 91 * DAY)
        wait_for(lambda: site.count() == 0, 30, "the purge")
        assert_gone_at_rest(site, marks)
        assert rows(site, "SELECT sum(people) FROM tally") == [(40,)]
        assert rows(site, "SELECT sum(people) FROM tally WHERE state = 2") \
            == [(len(left),)]
        assert not re.search(r"127\.0\.0\.1:\d|/r/[A-Za-z0-9_-]{43}",
                             site.log_text().replace(
                                 f"127.0.0.1:{site.port}", ""))
    finally:
        site.stop()


def walk_about(site, people):
    """Who is still registered afterwards."""
    live = set(people)
    for person in people[::4]:
        form = site.client().get(person.path).form("/cancel")
        assert site.client().post(form.action, form.fields).status == 303
        live.discard(person)
    for person in people[::8]:
        form = site.client().get(person.path).form("/undo")
        assert site.client().post(form.action, form.fields).status == 303
        live.add(person)
    for person in people[1::4]:
        site.client().get(person.path + "/data.json")
        action, values = site.filled_form("keine-adresse",
                                          family=person.family,
                                          given=person.given)
        assert site.client().post(action, values).status == 422
        person.register(site)  # again: the answer is the same
    client, _ = sign_in(site)
    for person in people[::6]:
        assert person.family in client.get(f"{LIST}?q={person.family}").text
    export = client.get(LIST + "/attendees.csv").text
    assert all(p.family in export for p in people)
    subprocess.run([str(BINARY), "--config",
                    str(site.folder / "convened.conf"), "attendees", "list",
                    PATH], check=True, capture_output=True)
    return live
