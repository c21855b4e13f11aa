"""What people ask to have changed after the deadline, at the desk."""
import contextlib
import json
import os
import re
import sqlite3
import time

import pytest

from conftest import Site
from test_desk import LIST, sign_in
from test_privacy import found, wait_until_gone

MEETING = "sachsen/arbeit-2030"
REQUESTS = LIST + "/requests"
KINDS = {"change": 0, "mode": 1, "handover": 2}


def ask(site, *wishes):
    """Rows as the page of a registration writes them; the server is away
    meanwhile: it alone writes the database."""
    site.stop()
    path = next(site.folder.rglob("convened.db"))
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        for family, kind, values in wishes:
            row = db.execute(
                "INSERT INTO wish (public_id, registration_id, meeting_id,"
                " kind, made_at, declined_at, reason) SELECT ?, r.id,"
                " r.meeting_id, ?, r.created_at, 0, '' FROM registration r"
                " JOIN person p ON p.id = r.person_id"
                " WHERE p.family_name = ?",
                (os.urandom(16), KINDS[kind], family)).lastrowid
            db.executemany("INSERT INTO wish_value (wish_id, field, wanted)"
                           " VALUES (?, ?, ?)",
                           [(row, k, v) for k, v in values.items()])
    site.start()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("wishes") / "demo").start()
    site.run("meeting", "edit", MEETING, "--changes-until",
             "2026-01-01 00:00")
    for family in ("Ahrens", "Bender", "Claus"):
        assert site.register(f"{family.lower()}@example.org",
                             family=family).status == 303
    ask(site,
        ("Ahrens", "change", {"family_name": "Ahrens-Neu<b>",
                              "organisation": "Werk Beispiel"}),
        ("Bender", "mode", {"takes_part": "online", "may_wait": "no"}),
        ("Claus", "handover", {"family_name": "Dietz", "given_name": "Doris",
                               "email": "doris@example.org"}))
    yield site
    site.stop()


@pytest.fixture(scope="module")
def desk(site):
    return sign_in(site)[0]


def one(site, name):
    done = site.run("attendees", "list", MEETING, "--search", name, "--json")
    return json.loads(done.stdout)[0]


def form_of(page, name):
    """The form below somebody's name."""
    at = page.text.index(f"<h2>{name}")
    token = re.search(r'name="request" value="([^"]+)"', page.text[at:])[1]
    return next(f for f in page.forms()
                if f.fields.get("request") == token)


def press(desk, name, deed, **more):
    form = form_of(desk.get(REQUESTS), name)
    return desk.post(form.action, form.filled(deed=deed, **more))


def test_the_page_shows_what_is_and_what_is_wanted(site, desk):
    assert "3 Änderungswünsche warten auf Ihre Antwort" in desk.get(LIST).text
    page = desk.get(REQUESTS)
    assert page.status == 200
    assert "Ahrens-Neu&lt;b&gt;" in page.text
    assert "Werk Beispiel" in page.text
    assert page.text.count("<h2>Ahrens") == 1
    assert "doris@example.org" in page.text


def test_a_granted_request_is_done_and_gone(site, desk):
    answer = press(desk, "Ahrens", "grant")
    assert answer.status == 200 and "Erfüllt" in answer.text
    assert one(site, "Ahrens")["organisation"] == "Werk Beispiel"
    assert "<h2>Ahrens" not in desk.get(REQUESTS).text


def test_a_declined_request_has_a_reason(site, desk):
    page = desk.get(REQUESTS)
    long = press(desk, "Bender", "decline", reason="x" * 501)
    assert long.status == 422 and "höchstens 500 Zeichen" in long.text
    form = form_of(page, "Bender")
    answer = desk.post(form.action, form.filled(deed="decline",
                                                reason="Zu spät."))
    assert answer.status == 200 and "mit Ihrer Begründung" in answer.text
    assert one(site, "Bender")["mode"] == "onsite"
    again = desk.post(form.action, form.filled(deed="grant"))
    assert again.status == 409
    assert one(site, "Bender")["mode"] == "onsite"


def test_another_meetings_request_is_none(site, desk):
    form = form_of(desk.get(REQUESTS), "Claus")
    elsewhere = next(p for p in re.findall(
        r'href="(/de/desk/[a-z]+/[a-z0-9-]+)"', desk.get("/de/desk/").text)
        if p != LIST)
    answer = desk.post(elsewhere + "/requests", form.filled(deed="grant"))
    assert answer.status == 409
    assert one(site, "Claus")["family_name"] == "Claus"
    assert desk.post(form.action, form.filled(deed="shrug")).status == 409


def test_a_granted_handing_over_leaves_nothing_of_the_former(tmp_path):
    """At once, and not only when the last letter to them has gone out."""
    site = Site(tmp_path / "demo", relay="smtp://127.0.0.1:9").start()
    try:
        site.run("meeting", "edit", MEETING, "--changes-until",
                 "2026-01-01 00:00")
        site.register("zwqx@example.org", family="Zwqxalt")
        ask(site, ("Zwqxalt", "handover", {
            "family_name": "Dietz", "given_name": "Doris",
            "email": "doris@example.org"}))
        # A start empties the log too, and tries again for a while.
        time.sleep(3)
        desk = sign_in(site)[0]
        # A reader keeps the log from being begun anew, so that it holds the
        # page with the name many times.
        with contextlib.closing(sqlite3.connect(
                f"file:{site.folder}/convened.db?mode=ro", uri=True,
                isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM person").fetchone()
            for number in range(12):
                site.register(f"p{number}@example.org", family=f"P{number}")
            assert press(desk, "Zwqxalt", "grant").status == 200
            assert found(site, ["Zwqxalt"])
        wait_until_gone(site, ["Zwqxalt"])
    finally:
        site.stop()
