"""A meeting is called off: the page, the feed, a letter to everybody who is
registered and a CANCEL to every calendar, once, whatever dies meanwhile."""
import collections
import contextlib
import json
import sqlite3
import subprocess
import sys
import time

import icalendar
import pytest

from conftest import (MEETING, TOOLS, Site, calendar_of, link_in, wait_for)

NAME = "sachsen/arbeit-2030"
CHECKER = str(TOOLS / "icscheck.py")
REASON = ("--reason-de", "Der Saal steht unter Wasser.",
          "--reason-en", "The hall is under water.")


@pytest.fixture
def mailing(tmp_path, sink):
    site = Site(tmp_path / "demo", relay=sink.url).start()
    yield site
    site.stop()


def call_off(site, *more):
    return site.run("meeting", "cancel", NAME, *REASON, "--yes", *more)


def letters(sink, address, count):
    def there():
        got = [m for m in sink.parsed() if address in m["To"]]
        return got if len(got) >= count else None
    return wait_for(there, 30, f"{count} letters to {address}")


def of_method(messages, method):
    return [m for m in messages if calendar_of(m)
            and calendar_of(m)["METHOD"] == method]


def said_off(messages):
    """The letters that say it in words."""
    return [m for m in messages if calendar_of(m) is None
            and m["Subject"].startswith(("Veranstaltung abgesagt: ",
                                         "Meeting cancelled: "))]


def check(tmp_path, messages, *options):
    paths = []
    for i, message in enumerate(messages):
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}-{i}.eml"
        path.write_bytes(message)
        paths.append(str(path))
    done = subprocess.run([sys.executable, CHECKER, "--strict", "--no-js",
                           *options, *paths], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def drained(site):
    done = site.run("mail", "queue", "--state", "queued", "--json")
    return json.loads(done.stdout) == []


def test_without_a_yes_it_only_says_what_would_happen(site):
    site.register("erika@example.org")
    site.register("ohne@example.org", invite=None)
    done = site.run("meeting", "cancel", NAME, check=False)
    assert done.returncode == 64
    assert "2 registered, 2 letters" in done.stderr
    assert "up to 1 more" in done.stderr
    assert "--yes" in done.stderr and "--reason-de" in done.stderr
    assert "abgesagt" not in site.client().get(MEETING).text
    site.register("max@example.org")
    assert len(site.letters_to("max@example.org", 2)) == 2


def test_the_page_says_so_and_why_and_the_form_is_gone(site):
    before = site.client().get(MEETING)
    action = before.form("/register").action
    filled = site.filled_form("spaet@example.org")
    done = call_off(site)
    assert "cancelled" in done.stdout
    page = site.client().get(MEETING)
    assert page.headers["etag"] != before.headers["etag"]
    assert "Diese Veranstaltung ist abgesagt." in page.text
    assert "Der Saal steht unter Wasser." in page.text
    assert not [f for f in page.forms() if f.action == action]
    english = site.client().get(MEETING.replace("/de/", "/en/"))
    assert "This meeting has been cancelled." in english.text
    assert "The hall is under water." in english.text
    # a form that was open already
    late = site.client().post(*filled)
    assert late.status == 409 and "abgesagt" in late.text
    assert site.count() == 0


def test_the_feed_keeps_it_as_cancelled(site):
    def event():
        feed = site.client().get("/calendars/sachsen.ics")
        return icalendar.Calendar.from_ical(feed.body).walk("VEVENT")[0]
    before = event()
    call_off(site)
    after = event()
    assert after["UID"] == before["UID"]
    assert after["STATUS"] == "CANCELLED"
    assert after["SEQUENCE"] == before["SEQUENCE"] + 1
    assert after["DTSTAMP"].dt > before["DTSTAMP"].dt
    assert after["SUMMARY"].startswith("Abgesagt: ")
    time.sleep(2)  # within a second of two changes a validator may still move
    done = subprocess.run([sys.executable, CHECKER, "--strict", "--no-js",
                           "--fresh", site.url + "/calendars/sachsen.ics"],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_everybody_gets_one_letter_and_calendars_a_cancel(mailing, sink,
                                                          tmp_path):
    mailing.register("erika@example.org")
    mailing.register("john@example.org", lang="en", family="Doe")
    mailing.register("ohne@example.org", invite=None)
    for i in range(2):  # two people, one mailbox, one invitation
        mailing.register("buero@example.org", given=f"Person{i}")
    wait_for(lambda: drained(mailing), 30, "an empty queue")
    call_off(mailing)
    for address, all_of_them, words in (("erika@example.org", 4, 1),
                                        ("john@example.org", 4, 1),
                                        ("ohne@example.org", 2, 1),
                                        ("buero@example.org", 6, 2)):
        got = letters(sink, address, all_of_them)
        wait_for(lambda: drained(mailing), 30, "an empty queue")
        got = letters(sink, address, all_of_them)
        assert len(got) == all_of_them and len(said_off(got)) == words
        requests, cancels = (of_method(got, m) for m in ("REQUEST", "CANCEL"))
        assert len(requests) == len(cancels) == (address[:4] != "ohne")
        for message in cancels:
            before, after = (calendar_of(m).walk("VEVENT")[0]
                             for m in (requests[0], message))
            assert after["UID"] == before["UID"]
            assert after["SEQUENCE"] == before["SEQUENCE"] + 1
            assert after["STATUS"] == "CANCELLED"

    german = said_off(letters(sink, "erika@example.org", 4))[0]
    english = said_off(letters(sink, "john@example.org", 4))[0]
    for message, words, reason in (
            (german, "findet nicht statt", "Der Saal steht unter Wasser."),
            (english, "does not take place", "The hall is under water.")):
        for kind in ("plain", "html"):
            text = message.get_body((kind,)).get_content()
            assert words in text and reason in text and "/r/" not in text
    back = of_method(letters(sink, "erika@example.org", 4), "CANCEL")[0]
    text = back.get_body(("plain",)).get_content()
    assert "Die Veranstaltung ist abgesagt" in text
    assert "abgemeldet" not in text

    raw = collections.defaultdict(list)
    for envelope, message in zip(sink.messages, sink.parsed()):
        if calendar_of(message):
            raw[envelope.rcpt_tos[0]].append(envelope.content)
    check(tmp_path, [one for chain in raw.values() for one in chain])
    check(tmp_path, raw["erika@example.org"], "--chain")


def test_a_second_time_nobody_hears_of_it_again(mailing, sink):
    mailing.register("erika@example.org")
    call_off(mailing)
    letters(sink, "erika@example.org", 2)
    wait_for(lambda: drained(mailing), 30, "an empty queue")
    count = len(sink.messages)
    done = call_off(mailing)
    assert "already" in done.stdout
    assert drained(mailing) and len(sink.messages) == count


def test_what_has_not_gone_out_yet_is_no_longer_sent(mailing, sink):
    """Neither a confirmation nor an invitation to what does not take place,
    and no CANCEL for an invitation that nobody has."""
    sink.answers["erika@example.org"] = "451 4.7.1 later"
    mailing.register("erika@example.org")
    wait_for(lambda: not drained(mailing), 10, "a letter that waits")
    call_off(mailing)
    del sink.answers["erika@example.org"]
    mailing.run("mail", "retry")
    got = letters(sink, "erika@example.org", 1)
    wait_for(lambda: drained(mailing), 30, "an empty queue")
    got = letters(sink, "erika@example.org", 1)
    assert len(said_off(got)) == 1
    assert not [m for m in got if "bestätigung" in m["Subject"]]
    assert not of_method(got, "REQUEST")


def test_my_registration_says_it_too(site):
    site.register("erika@example.org")
    path = link_in(next(m for m in site.letters_to("erika@example.org", 2)
                        if calendar_of(m) is None))
    call_off(site)
    page = site.client().get(path)
    assert page.status == 200
    assert "Diese Veranstaltung ist abgesagt." in page.text
    assert "Der Saal steht unter Wasser." in page.text
    assert not [f for f in page.forms() if f.action.endswith("/cancel")]


def test_with_json_the_meeting_is_the_answer(site):
    done = call_off(site, "--json")
    meeting = json.loads(done.stdout)
    assert meeting["state"] == "cancelled" and meeting["sequence"] == 1
    assert meeting["reason_de"] == "Der Saal steht unter Wasser."
    assert meeting["cancelled"].endswith("Z")
    assert json.loads(call_off(site, "--json").stdout) == meeting


def test_a_draft_has_nobody_to_disappoint(site):
    site.run("meeting", "copy", NAME, "sachsen/entwurf", "--date",
             "2028-03-05")
    done = site.run("meeting", "cancel", "sachsen/entwurf", "--yes",
                    check=False)
    assert done.returncode == 65 and "draft" in done.stderr


# People who came long ago: each has been invited, and the invitation sent.
PEOPLE = """
WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
                         WHERE i < :count)
INSERT INTO %s FROM n, meeting m
    WHERE m.slug = 'arbeit-2030' ORDER BY i"""
TABLES = (
    "party (id, meeting_id, created_at) SELECT i, m.id, 1",
    """person (id, given_name, family_name, title, address, organisation,
       position) SELECT i, 'P', 'Muster', '', 'p' || i || '@example.org', '',
       ''""",
    """invite (id, meeting_id, address, generation, uid, sequence, stamp,
       cancelled) SELECT i, m.id, 'p' || i || '@example.org', 1,
       i || '@example.org', 0, 1, 0""",
    """registration (id, public_id, generation, meeting_id, party_id,
       person_id, mode, state, reference, lang, wants_invite, invite_id,
       created_at, changed_at, cancelled_at, address_key, name_fold, search)
       SELECT i, randomblob(16), 1, m.id, i, i, 0, 2, 'R' || i, 0, 1, i, 1, 1,
       0, 'p' || i || '@example.org', 'p muster', 'muster'""",
    """letter (public_id, kind, state, registration_id, meeting_id, invite_id,
       generation, sequence, address, address_key, created_at, due_at,
       attempts, remark, settled_at)
       SELECT randomblob(16), 1, 1, i, m.id, i, 1, 0,
       'p' || i || '@example.org', 'p' || i || '@example.org', 1, 1, 1, '',
       2""",
)


def database(site, write=False):
    path = next(site.folder.rglob("convened.db"))
    mode = "rw" if write else "ro"
    return contextlib.closing(sqlite3.connect(f"file:{path}?mode={mode}",
                                              uri=True, timeout=10))


def fill(site, count):
    with database(site, write=True) as db:
        for table in TABLES:
            db.execute(PEOPLE % table, {"count": count})
        db.commit()


def told_up_to(db):
    """The last registration that was told; None: all of them are."""
    row = db.execute("SELECT told_id FROM calling_off").fetchone()
    return row and row[0]


def kill_after_some(site):
    """Starts the server and kills it when it has told a few more people."""
    with database(site) as db:
        before = told_up_to(db)
        site.spawn()
        now = wait_for(lambda: (told_up_to(db) is None and "all")
                       or (told_up_to(db) != before and "some"), 60,
                       "somebody to be told", pause=0.001)
        site.kill()
    return now == "some"


@pytest.mark.proof
def test_a_kill_while_people_are_told_loses_and_doubles_no_letter(own_site,
                                                                  scale):
    people = scale(4000, 20000)
    site = own_site.start()
    site.stop()
    fill(site, people)
    site.run("meeting", "cancel", NAME, "--yes")  # nobody is told yet
    kills = 0
    for _ in range(scale(8, 60)):
        kills += kill_after_some(site)
    assert kills > 0
    site.start()
    with database(site) as db:
        wait_for(lambda: told_up_to(db) is None, 120, "everybody to be told")
        site.stop()
    with database(site) as db:
        for kind in (3, 5):  # WITHDRAWAL, CALLED_OFF
            told = db.execute("SELECT count(*),"
                              " count(DISTINCT registration_id) FROM letter"
                              " WHERE kind = ?", (kind,)).fetchone()
            assert told == (people, people), (kind, told, kills)
