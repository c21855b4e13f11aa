"""What people need to take part well: with a consent or not at all, told to
those who arrange it and to nobody else, and gone on a day of its own."""
import csv
import datetime
import io
import json
import re
import sqlite3

import pytest

from conftest import MEETING, SANITIZED, Site, wait_for
from test_desk import CSV, LIST, sign_in
from test_injection import LINES, MARK, PAYLOADS, check_page
from test_matrix import PASSWORD
from test_privacy import (DAY, PATH, Marked, assert_gone_at_rest,
                          erase_by_link, faked, found, rows, set_clock,
                          wait_until_gone)
from test_prove_relay import FAKETIME

SUPPORT = LIST + "/support"
WORDS = "Zwqyhilfe: einen Platz nahe der Bühne"
NEEDS = {"support-sign-language": "1", "support-words": WORDS,
         "support-consent": "1"}
# The name that the box has in lists; nothing else says it.
SIGN = "Gebärdensprachdolmetschen"


@pytest.fixture(scope="module")
def anna(shared_site):
    person = Marked(1)
    person.register(shared_site, **NEEDS)
    return person.learn(shared_site)


@pytest.fixture(scope="module")
def owner(shared_site, anna):
    client, answer = sign_in(shared_site)
    assert answer.status == 303
    return client


def deeds(site, deed):
    return rows(site, "SELECT actor, amount, reason FROM audit LEFT JOIN"
                      " audit_reason ON audit_id = audit.id WHERE deed ="
                      f" '{deed}' ORDER BY audit.id")


def test_without_the_box_nothing_is_stored_and_the_words_stand_there(
        shared_site):
    before = shared_site.count()
    answer = shared_site.register("ohne@example.org", family="Ohne", **{
        **NEEDS, "support-consent": None})
    assert answer.status == 422
    assert 'href="#support-consent"' in answer.text
    assert "id=\"support-consent-error\"" in answer.text
    details = answer.text.split('<details class="support"')[1]
    assert details.startswith(" open")
    assert WORDS in details  # kept for the person who typed it
    assert shared_site.count() == before
    assert rows(shared_site, "SELECT count(*) FROM support WHERE words LIKE"
                             " 'Zwqyh%' AND registration_id NOT IN (SELECT"
                             " id FROM registration)") == [(0,)]


def test_the_block_welcomes_and_is_closed_until_it_is_used(shared_site):
    for lang, words in (("de", "Alle sind willkommen."),
                        ("en", "Everyone is welcome.")):
        page = shared_site.client().get(f"/{lang}/{PATH}").text
        assert words in page
        assert re.search(r'<details class="support" *>', page)
        assert "mailto:" in page and "tel:" in page


def test_the_form_names_the_day_of_each(shared_site, anna):
    site = shared_site
    [[ends]] = rows(site, "SELECT ends_at FROM meeting WHERE slug ="
                          " 'arbeit-2030'")
    def day(keep):
        at = datetime.datetime.fromtimestamp(ends + keep * DAY,
                                             datetime.timezone.utc)
        return f"{at.day} {at.strftime('%B %Y')}"  # noon, whatever the zone
    for keep in (14, 3):
        site.run("meeting", "edit", PATH, "--keep-support-days", str(keep))
        page = site.client().get(f"/en/{PATH}").text
        assert (f"delete them on {day(90)}, those on support already on "
                f"{day(keep)}.") in page
        assert f"We delete it on {day(keep)}." in page
    raised = site.run("meeting", "edit", PATH, "--keep-support-days", "4",
                      check=False)
    assert raised.returncode == 65  # somebody was told the third day


def test_needs_are_in_nothing_but_their_own_list(shared_site, anna, owner):
    """Lists, exports, letters, feeds, pages, logs: nowhere."""
    site, seen = shared_site, []
    for path in (LIST, CSV, LIST + "/attendees.json"):
        seen.append(owner.get(path).text)
    for words in (("attendees", "list", PATH), ("mail", "queue", "--json"),
                  ("attendees", "export", PATH, "--output", "-"),
                  ("meeting", "show", PATH)):
        seen.append(site.run(*words).stdout)
    for path in (f"/calendars/{PATH}.ics", "/calendars/all.ics", MEETING,
                 f"/calendars/{PATH}/download.ics"):
        seen.append(site.client().get(path).text)
    seen += [str(m) + (m.get_body(("plain",)) or m).get_content()
             for m in site.letters_to(anna.address, 2)
             if not m.get_content_type() == "text/calendar"]
    seen.append(site.log_text())
    assert anna.family in "".join(seen)
    for text in seen:
        assert "Zwqyhilfe" not in text
        assert "sign-language" not in text.replace("support-sign-language",
                                                   "")
    files = {name for _, name in found(site, ["Zwqyhilfe"])}
    assert files <= {"convened.db", "convened.db-wal"}


def test_the_list_is_for_those_who_arrange_it_and_each_look_is_noted(
        shared_site, anna, owner):
    site = shared_site
    assert "Unterstützungsbedarf</a>: 1" in owner.get(LIST).text
    looks = len(deeds(site, "support-view"))
    page = owner.get(SUPPORT)
    assert page.status == 200
    assert anna.family in page.text and "Zwqyhilfe" in page.text
    assert SIGN in page.text
    assert page.headers["cache-control"] == "no-store"
    noted = deeds(site, "support-view")
    assert len(noted) == looks + 1
    assert noted[-1][0] > 0 and noted[-1][1:] == (1, None)
    site.run("account", "add", "tuer@example.org", "--name", "Tür", "--role",
             "door", "--alliance", "sachsen", input=PASSWORD + "\n")
    door, _ = sign_in(site, "tuer@example.org", PASSWORD)
    assert "/support" not in door.get(LIST).text
    assert door.get(SUPPORT).status == 403
    assert len(deeds(site, "support-view")) == looks + 1


def test_the_list_is_taken_home_for_a_reason(shared_site, anna, owner):
    site = shared_site
    form = next(f for f in owner.get(SUPPORT).forms()
                if f.action.endswith("/support"))
    nothing = owner.post(form.action, {**form.fields, "reason": " ",
                                       "format": "csv"})
    assert nothing.status == 422 and 'href="#reason"' in nothing.text
    assert deeds(site, "support-export") == []
    got = {}
    for ending in ("csv", "json", "xlsx"):
        answer = owner.post(form.action, {
            **form.fields, "reason": f"Dolmetschen {ending}",
            "format": ending})
        assert answer.status == 200
        assert f".{ending}\"" in answer.headers["content-disposition"]
        got[ending] = answer.body
    [row] = csv.DictReader(io.StringIO(got["csv"].decode("utf-8-sig")),
                           delimiter=";")
    assert row["Nachname"] == anna.family and WORDS in row.values()
    [record] = json.loads(got["json"])
    assert record["family_name"] == anna.family
    assert record["sign-language"] == "yes" and not record["wheelchair"]
    assert record["words"] == WORDS
    assert got["xlsx"].startswith(b"PK")
    noted = deeds(site, "support-export")
    assert [n[2] for n in noted] == ["Dolmetschen csv", "Dolmetschen json",
                                     "Dolmetschen xlsx"]
    assert all(who > 0 and amount == 1 for who, amount, _ in noted)


def test_the_command_needs_a_reason_too(shared_site, anna):
    site = shared_site
    assert site.run("attendees", "support", PATH, check=False).returncode \
        == 64
    [row] = json.loads(site.run("attendees", "support", PATH, "--reason",
                                "Saalplan", "--json").stdout)
    assert row["family_name"] == anna.family
    assert row["needs"] == ["sign-language"] and row["words"] == WORDS
    assert deeds(site, "support-export")[-1] == (-1, 1, "Saalplan")
    assert "Zwqyhilfe" in site.run("attendees", "support", PATH, "--reason",
                                   "noch einmal").stdout


def test_own_data_says_what_was_said_and_which_words_stood_there(
        shared_site, anna):
    data = json.loads(shared_site.client().get(anna.path +
                                               "/data.json").text)
    assert data["support"]["needs"] == ["sign-language"]
    assert data["support"]["words"] == WORDS
    assert (data["support"]["deleted_on"] <
            data["data_protection"]["deleted_on"])
    by = {c["about"]: c for c in data["consents"]}
    assert set(by) == {"data-protection", "support-needs"}
    assert all(c["given"] and not c["withdrawn"] for c in by.values())
    versions = json.loads(shared_site.run("notice", "list", "--json").stdout)
    for consent in by.values():
        assert consent["version"] in {v["version"] for v in versions}
    words = shared_site.run("notice", "show",
                            by["data-protection"]["version"]).stdout
    page = shared_site.client().get("/de/datenschutz").text
    [first, *_] = [w.lstrip("# ") for w in words.split("\n")
                   if w.startswith("#")]
    assert first in page
    assert "willige ein" in shared_site.run(
        "notice", "show", by["support-needs"]["version"]).stdout


def test_erased_with_everything_else(shared_site):
    site = shared_site
    one, two = Marked(2), Marked(3)
    for number, person in enumerate((one, two)):
        person.register(site, **{**NEEDS,
                                 "support-words": f"Zwqz{number}schranke"})
        person.learn(site)
    assert erase_by_link(site, one).status == 200
    wait_until_gone(site, one.marks + ["Zwqz0schranke"])
    done = site.run("erase", PATH, two.reference, "--prove", "--json")
    assert json.loads(done.stdout)["searched"]["found"] == 0
    assert not found(site, ["Zwqz1schranke"])
    assert rows(site, "SELECT count(*) FROM consent WHERE registration_id"
                      " NOT IN (SELECT id FROM registration)") == [(0,)]


def test_each_person_of_a_party_says_it_for_themselves(shared_site):
    site = shared_site
    action, values = site.filled_form("party@example.org", family="Zuerst")
    values |= {"people": "2", "given-name-2": "Bernd",
               "family-name-2": "Zwqtzwei", "mode-2": "onsite",
               "support-wheelchair-2": "1"}
    answer = site.client().post(action, values)
    assert answer.status == 422
    assert 'href="#support-consent-2"' in answer.text
    assert 'href="#support-consent"' not in answer.text
    assert site.client().post(action, {
        **values, "support-consent-2": "1"}).status == 303
    needs = rows(site, "SELECT p.family_name, s.needs FROM support s JOIN"
                       " registration r ON r.id = s.registration_id JOIN"
                       " person p ON p.id = r.person_id WHERE r.party_id ="
                       " (SELECT party_id FROM registration JOIN person ON"
                       " person.id = person_id WHERE family_name ="
                       " 'Zwqtzwei')")
    assert needs == [("Zwqtzwei", 4)]


def test_by_link_it_is_changed_and_withdrawn(shared_site):
    site = shared_site
    person = Marked(5)
    person.register(site)
    person.learn(site)
    client, path = site.client(), person.path + "/support"
    assert f'href="{path}"' in client.get(person.path).text
    assert "Hier ist nichts gespeichert." in client.get(path).text
    form = client.get(path).form("/support")
    wrong = client.post(form.action, {**form.fields, "support-captions": "1"})
    assert wrong.status == 422 and 'href="#support-consent"' in wrong.text
    said = {"support-captions": "1", "support-words": "Zwqvschrift groß",
            "support-consent": "1"}
    assert client.post(form.action, {**form.fields, **said}).status == 303
    page = client.get(path)
    assert "Zwqvschrift" in page.text
    assert "Was Sie uns gesagt haben, ist gespeichert." in page.text
    assert client.post(form.action, {"support-words": "x"}).status == 403
    form = next(f for f in page.forms() if "support-words" in f.fields)
    assert form.fields["support-captions"] == "1"
    assert client.post(form.action, {
        **form.fields, "support-words": "Zwquanders"}).status == 303
    wait_until_gone(site, ["Zwqvschrift"])
    form = next(f for f in client.get(path).forms()
                if f.action.endswith("/support") and
                "support-words" not in f.fields)
    answer = client.post(form.action, {**form.fields, "withdraw": "1"})
    assert answer.status == 303
    wait_until_gone(site, ["Zwquanders"])
    data = json.loads(client.get(person.path + "/data.json").text)
    assert data["support"] is None
    [consent] = [c for c in data["consents"]
                 if c["about"] == "support-needs"]
    assert consent["given"] <= consent["withdrawn"]
    assert data["registration"]["state"] == "registered"
    assert [d["what"] for d in data["log"]][1:] == [
        "support", "support", "support-withdraw"]


# What a row repeats of another, folded or as a key; deeds as words of ours.
DERIVED = {"name_fold", "search", "address_key"}


def texts_of(site, registration):
    """Every text that any table holds about somebody."""
    database = sqlite3.connect(f"file:{site.folder}/convened.db?mode=ro",
                               uri=True)
    database.row_factory = sqlite3.Row
    [[person]] = database.execute("SELECT person_id FROM registration WHERE"
                                  f" id = {registration}")
    keys = {"registration_id": registration, "person_id": person}
    found = set()
    for [table] in database.execute("SELECT name FROM sqlite_schema WHERE"
                                    " type = 'table'").fetchall():
        columns = [c["name"] for c in
                   database.execute(f"PRAGMA table_info({table})")]
        own = {"registration": ("id", registration),
               "person": ("id", person)}.get(table)
        for key, number in [own] if own else [
                (k, v) for k, v in keys.items() if k in columns]:
            for row in database.execute(
                    f"SELECT * FROM {table} WHERE {key} = {number}"):
                found |= {(table, value) for name, value in zip(columns, row)
                          if isinstance(value, str) and value
                          and name not in DERIVED}
    found |= {("wish_value", value) for [value] in database.execute(
        "SELECT wanted FROM wish_value WHERE wish_id IN (SELECT id FROM wish"
        f" WHERE registration_id = {registration})")}
    database.close()
    return found


def test_own_data_has_every_text_that_any_table_holds(own_site):
    site = own_site.start()
    person = Marked(6)
    person.register(site, **NEEDS)
    person.learn(site)
    site.stop()  # nobody but the server writes while it runs
    database = sqlite3.connect(site.folder / "convened.db")
    [[number]] = database.execute("SELECT id FROM registration")
    database.executescript(f"""
        INSERT INTO wish SELECT 1, randomblob(16), id, meeting_id, 0, 1, 2,
            'Zwqy Grund' FROM registration;
        INSERT INTO wish_value VALUES (1, 1, 'family_name', 'Zwqy neu');
        INSERT INTO audit_value SELECT NULL, audit.id, registration.person_id,
            'family_name', 'Zwqy alt', 'Zwqy jetzt' FROM audit, registration
            LIMIT 1;
        UPDATE registration SET reason = 'Zwqy warum';""")
    database.close()
    site.start()
    data = site.client().get(person.path + "/data.json").text
    found = texts_of(site, number)
    assert {t for t, _ in found} >= {"person", "registration", "support",
                                     "wish", "wish_value", "audit_value",
                                     "letter", "audit"}
    assert [(t, v) for t, v in found
            if json.dumps(v, ensure_ascii=False)[1:-1] not in data] == []
    site.stop()


def test_no_words_become_markup_or_a_formula(site):
    site.set_seats(onsite=900)
    action, values = site.filled_form("x@example.org")
    stored = []
    for number, text in enumerate(PAYLOADS + LINES):
        answer = site.client().post(action, {
            **values, "email": f"p{number}@example.org",
            "support-words": text, "support-consent": "1"})
        assert answer.status in (303, 422), text
        check_page(answer.text, text)
        if answer.status == 303:
            stored.append(text)
    assert len(stored) > len(PAYLOADS) - 3
    client, _ = sign_in(site)
    page = client.get(SUPPORT)
    check_page(page.text, "list of support needs")
    form = next(f for f in page.forms() if f.action.endswith("/support"))
    for reason in PAYLOADS[:20]:
        check_page(client.post(form.action, {
            **form.fields, "reason": reason + "\n", "format": "csv"}).text,
            reason)
    answer = client.post(form.action, {**form.fields, "format": "csv",
                                       "reason": "=" + MARK})
    rows = list(csv.reader(io.StringIO(answer.body.decode("utf-8-sig"),
                                       newline=""), delimiter=";",
                           strict=True))
    assert len(rows) == len(stored) + 1
    assert len({len(row) for row in rows}) == 1
    assert not any(re.match(r"[=+\-@\t\r]", cell)
                   for row in rows for cell in row)
    answer = client.post(form.action, {**form.fields, "format": "json",
                                       "reason": MARK})
    said = {r["words"] for r in json.loads(answer.body)}
    assert said >= {p for p in PAYLOADS if p.isascii()} and MARK in str(said)
    assert MARK not in site.log_text()


@pytest.mark.skipif(FAKETIME is None, reason="needs libfaketime")
def test_needs_go_on_their_own_day_and_the_rest_stays(tmp_path):
    if SANITIZED:
        pytest.skip("libfaketime and the sanitizers do not mix")
    offset, wrap = faked(tmp_path)
    site = Site(tmp_path / "demo", wrap=wrap).start()
    try:
        person = Marked(4)
        person.register(site, **NEEDS)
        assert found(site, ["Zwqyhilfe"])
        [[ends]] = rows(site, "SELECT ends_at FROM meeting WHERE slug ="
                              " 'arbeit-2030'")
        set_clock(site, offset, ends + 13 * DAY)
        assert rows(site, "SELECT count(*) FROM support") == [(1,)]
        set_clock(site, offset, ends + 14 * DAY)
        wait_for(lambda: rows(site, "SELECT count(*) FROM support") ==
                 [(0,)], 20, "the purge")
        assert_gone_at_rest(site, ["Zwqyhilfe"])
        assert site.count() == 1
    finally:
        site.stop()


def test_own_schema_has_no_second_place_for_needs(shared_site, anna):
    """Only one table has them; what else holds text holds none of it."""
    database = sqlite3.connect(
        f"file:{shared_site.folder}/convened.db?mode=ro", uri=True)
    try:
        tables = [t for [t] in database.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table'")]
        holding = {t for t in tables
                   if any("Zwqyhilfe" in str(row) for row in
                          database.execute(f'SELECT * FROM "{t}"'))}
    finally:
        database.close()
    assert holding == {"support"}
