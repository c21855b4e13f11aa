"""The organisers' side: signing in, the list, the download."""
import contextlib
import csv
import io
import sqlite3
import time

import pytest

from test_full_house import post_all

SIGN_IN = "/de/desk/sign-in"
LIST = "/de/desk/sachsen/arbeit-2030"
CSV = LIST + "/attendees.csv"


def sign_in(site, email=None, password=None, client=None):
    client = client or site.client()
    known = site.desk_login()
    form = client.get(SIGN_IN).form("/sign-in")
    values = form.filled(**{form.tokens["username"]: email or known[0],
                            form.tokens["current-password"]:
                                password or known[1]})
    return client, client.post(form.action, values)


@pytest.fixture
def desk(site):
    client, answer = sign_in(site)
    assert answer.status == 303, answer.text
    return client


def test_the_right_password_opens_the_desk(site):
    client, answer = sign_in(site)
    assert answer.status == 303
    cookie = answer.headers["set-cookie"]
    for word in ("__Host-desk=", "Secure", "HttpOnly", "SameSite=Lax",
                 "Path=/"):
        assert word in cookie
    assert "Domain" not in cookie
    page = client.get("/de/desk/")
    assert page.status == 200
    assert "Zusammen in die Zukunft" in page.text
    assert page.headers["cache-control"] == "no-store"


def test_without_signing_in_there_is_only_the_door(site):
    for path in ("/de/desk/", LIST, CSV):
        answer = site.client().get(path)
        assert answer.status == 303
        assert answer.location.endswith(SIGN_IN)


def test_a_wrong_password_and_an_unknown_name_look_the_same(site):
    email, _ = site.desk_login()
    pages = []
    for who in (email, "niemand@example.org"):
        client, answer = sign_in(site, who, "falsch falsch")
        assert answer.status == 422
        assert not client.cookies
        pages.append(answer.text.replace(who, "WHO"))
    assert pages[0] == pages[1]


def test_every_sign_in_gets_a_new_secret_and_leaving_ends_it(site, desk):
    first = dict(desk.cookies)
    second, _ = sign_in(site)
    assert second.cookies != first
    form = next(f for f in desk.get("/de/desk/").forms()
                if f.action.endswith("/sign-out"))
    assert desk.post(form.action, form.fields).status == 303
    stale = site.client()
    stale.cookies = first
    assert stale.get("/de/desk/").status == 401
    assert second.get("/de/desk/").status == 200


def test_leaving_needs_the_token_of_this_login(site, desk):
    other, _ = sign_in(site)
    foreign = next(f for f in other.get("/de/desk/").forms()
                   if f.action.endswith("/sign-out"))
    for fields in ({}, {"csrf": "x"}, foreign.fields):
        assert desk.post("/de/desk/sign-out", fields).status == 403
    good = next(f for f in desk.get("/de/desk/").forms()
                if f.action.endswith("/sign-out"))
    answer = desk.post(good.action, good.fields, origin=False,
                       headers={"Origin": "https://evil.example"})
    assert answer.status == 403
    assert desk.get("/de/desk/").status == 200


def test_the_list_shows_finds_and_pages(site, desk):
    for i in range(3):
        site.register(f"m{i}@example.org", family=f"Müller{i}")
    site.register("z@example.org", family="Zacharias")
    page = desk.get(LIST)
    assert page.status == 200
    assert "Müller0" in page.text and "Zacharias" in page.text
    found = desk.get(LIST + "?q=mueller")
    assert "Müller1" in found.text and "Zacharias" not in found.text


def test_what_an_account_may_not_see_is_not_there(site):
    site.run("account", "add", "dresden@example.org", "--name", "Dresden",
             "--role", "editor", "--alliance", "dresden",
             input="ein langes Kennwort\n")
    client, answer = sign_in(site, "dresden@example.org",
                             "ein langes Kennwort")
    assert answer.status == 303
    assert "Zusammen in die Zukunft" not in client.get("/de/desk/").text
    for path in (LIST, CSV):
        there, missing = client.get(path), client.get(
            path.replace("arbeit-2030", "gibt-es-nicht"))
        assert there.status == missing.status == 404


def test_the_numbers_role_sees_no_person(site):
    site.register("erika@example.org", family="Geheim")
    site.run("account", "add", "zahlen@example.org", "--name", "Zahlen",
             "--role", "numbers", "--alliance", "sachsen",
             input="ein langes Kennwort\n")
    client, _ = sign_in(site, "zahlen@example.org", "ein langes Kennwort")
    assert "Zusammen in die Zukunft" in client.get("/de/desk/").text
    assert "Geheim" not in client.get(LIST).text
    assert client.get(LIST + "?q=Geheim").text.count("Geheim") <= 1
    answer = client.get(CSV)
    assert answer.status in (403, 404) and "Geheim" not in answer.text


def rows_of(answer):
    assert answer.body.startswith(b"\xef\xbb\xbf")
    text = answer.body.decode("utf-8-sig")
    assert text.count("\n") == text.count("\r\n")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_the_download_opens_in_german_excel(site, desk):
    site.register("a@example.org", family="Łęcka-Müller", given="Zoë")
    site.register("b@example.org", family="Muster",
                  organisation="=1+1;\"x\"")
    answer = desk.get(CSV)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    assert "teilnehmende_stand-" in answer.headers["content-disposition"]
    rows = rows_of(answer)
    assert len(rows) == 3
    assert all(len(r) == len(rows[0]) for r in rows)
    flat = [c for r in rows for c in r]
    assert "Łęcka-Müller" in flat and "Zoë" in flat
    assert "'=1+1;\"x\"" in flat


def test_a_long_download_is_whole_and_written_down(site, desk):
    action, values = site.filled_form("x@example.org")
    email = next(k for k, v in values.items() if v == "x@example.org")
    site.set_seats(onsite=2000)
    answers = post_all(site, [(action, {**values, email: f"p{i}@example.org"})
                              for i in range(1500)], parallel=32)
    assert {a.status for a in answers} == {303}
    rows = rows_of(desk.get(CSV))
    assert len(rows) == 1501
    assert len({tuple(r) for r in rows}) == 1501


@pytest.mark.alone
def test_an_unknown_name_takes_as_long_as_a_known_one(site):
    email, _ = site.desk_login()
    took = {email: [], "niemand@example.org": []}
    for _ in range(8):
        for who in took:
            began = time.monotonic()
            sign_in(site, who, "falsch falsch")
            took[who].append(time.monotonic() - began)
    # Other work on the machine only ever adds to the true cost.
    known, unknown = (min(t) for t in took.values())
    assert abs(known - unknown) < 0.5 * max(known, unknown)


def age_login(site, column, seconds):
    """As if that had been so much earlier. The server is away meanwhile: it
    alone writes the database."""
    site.stop()
    path = next(site.folder.rglob("convened.db"))
    with contextlib.closing(sqlite3.connect(path)) as db, db:
        changed = db.execute(f"UPDATE login SET {column} = {column} - ?",
                             (seconds,)).rowcount
    assert changed == 1
    site.start()


@pytest.mark.parametrize("column, most", [("seen_at", 30 * 60),
                                          ("started_at", 12 * 3600)])
def test_a_login_ends_by_itself(site, desk, column, most):
    age_login(site, column, most - 120)
    assert desk.get("/de/desk/").status == 200
    age_login(site, column, most)
    assert desk.get("/de/desk/").status == 401


def test_signing_in_again_ends_the_login_before(site, desk):
    before = site.client()
    before.cookies = dict(desk.cookies)
    _, answer = sign_in(site, client=desk)
    assert answer.status == 303
    assert desk.get("/de/desk/").status == 200
    assert before.get("/de/desk/").status == 401


def test_any_words_are_a_password_if_they_are_enough(site):
    def add(address, password):
        return site.run("account", "add", address, "--name", "K",
                        input=password + "\n", check=False)

    short = add("kurz@example.org", "sieben7")
    assert short.returncode != 0 and "7 characters" in short.stderr
    taken = {"a@example.org": "nurworte", "b@example.org": "ä " * 50 + "ß",
             "c@example.org": "  Blanks stay  "}
    for address, password in taken.items():
        assert add(address, password).returncode == 0
        assert sign_in(site, address, password)[1].status == 303
    # Neither cut nor folded nor trimmed.
    for address, password in (("a@example.org", "NurWorte"),
                              ("b@example.org", "ä " * 50),
                              ("c@example.org", "Blanks stay")):
        assert sign_in(site, address, password)[1].status == 422
