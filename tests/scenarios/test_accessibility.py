"""The accessibility statement and reports of barriers: from the form to the
operator's mailbox, the desk, the answer and the end of it."""
import datetime
import json
import re
import signal
import zoneinfo

import pytest

from conftest import wait_for
from test_desk import sign_in
from test_injection import LINES, MARK, PAYLOADS, check_page
from test_privacy import found, wait_until_gone

FORM = "/de/barrierefreiheit/melden"
DESK = "/de/desk/feedback"
OPERATOR = "barrieren@example.org"


def report(client, message, path=FORM, **fields):
    form = client.get(path).form("/melden")
    return client.post(form.action, form.filled(message=message, **fields))


def reports(site, *words):
    return json.loads(site.run("feedback", "list", "--json", *words).stdout)


def due_day():
    today = datetime.datetime.now(zoneinfo.ZoneInfo("Europe/Berlin")).date()
    year, month = today.year + today.month // 12, today.month % 12 + 1
    for day in range(today.day, 0, -1):
        try:
            return datetime.date(year, month, day)
        except ValueError:
            pass


def plain(message):
    return message.get_body(("plain",)).get_content().replace("\r\n", "\n")


def test_a_report_goes_its_way_from_the_form_to_the_end(site):
    client, day = site.client(), due_day()
    answer = report(client, "Zeile eins zwqa\r\nZeile zwei zwqb",
                    email="zwqc@example.org", page="/de/zwqd")
    assert answer.status == 303
    assert answer.location == "/de/barrierefreiheit/danke"
    assert client.get(answer.location).status == 200
    # In the operator's mailbox, and in no other.
    [letter] = site.letters_to(OPERATOR, 1)
    assert letter["Reply-To"] == "zwqc@example.org"
    assert "zwq" not in letter["Subject"] + letter["From"]
    text = plain(letter)
    assert "> Zeile eins zwqa\n> Zeile zwei zwqb\n" in text
    assert "/de/zwqd" in text and "zwqc@example.org" in text
    assert f"{day.day}. " in text and str(day.year) in text
    assert len(site.letters()) == 1
    # By the commands.
    [row] = reports(site)
    [queued] = json.loads(site.run("mail", "queue", "--json").stdout)
    assert queued["kind"] == "feedback" and queued["address"] == OPERATOR
    shown = json.loads(site.run("mail", "show", str(queued["id"]),
                                "--json").stdout)
    assert shown["report"] == row["id"] and shown["meeting"] is None
    assert row["message"] == "Zeile eins zwqa\nZeile zwei zwqb"
    assert row["due"].startswith(day.isoformat()) and not row["overdue"]
    assert "zwqa" in site.run("feedback", "list").stdout
    # At the desk.
    desk, _ = sign_in(site)
    assert "wartet auf eine Antwort" in desk.get("/de/desk/").text
    page = desk.get(DESK)
    assert "Zeile eins zwqa\nZeile zwei zwqb" in page.text
    form = page.form("/desk/feedback")
    forged = {**form.fields, "report": form.fields["report"][:-1] + "_"}
    assert desk.post(form.action, forged).status == 404
    assert len(reports(site)) == 1
    assert desk.post(form.action, form.fields).status == 303
    assert desk.post(form.action, form.fields).status == 303  # pressed twice
    assert reports(site) == []
    assert reports(site, "--all")[0]["answered"]
    assert "wartet auf" not in desk.get("/de/desk/").text
    assert "Beantwortet am" in desk.get(DESK).text
    done = site.run("feedback", "answered", str(row["id"]), check=False)
    assert done.returncode == 65 and "no report" in done.stderr
    # Its time is over.
    marks = ["zwqa", "zwqb", "zwqc@example.org", "zwqd"]
    assert found(site, marks)
    config = site.folder / "convened.conf"
    config.write_text(config.read_text() + "feedback-keep = 0 s\n")
    site.stop()
    site.start()
    wait_for(lambda: reports(site, "--all") == [], what="the purge")
    wait_until_gone(site, marks)
    assert not list((site.folder / "mail").glob("*.eml"))


@pytest.mark.parametrize("lang", ["de", "en"])
def test_only_the_message_is_compulsory(shared_site, lang):
    client, form = shared_site.client(), FORM.replace("/de/", f"/{lang}/")
    answer = report(client, " \r\n ", form, email="kein-at", page="x" * 501)
    assert answer.status == 422
    title = re.search("<title>(.*?)</title>", answer.text).group(1)
    assert title.startswith("Fehler: " if lang == "de" else "Error: ")
    for name in ("message", "email", "page"):
        assert f'<li><a href="#{name}">' in answer.text
        assert f'id="{name}-error"' in answer.text
    kept = answer.form("/melden").fields
    assert kept["email"] == "kein-at" and kept["page"] == "x" * 501
    assert report(client, "x" * 2001, form).status == 422
    assert report(client, f"Nur das, {lang}", form).status == 303
    assert report(client, f"Nur das, {lang}", form).status == 303
    assert sum(r["message"] == f"Nur das, {lang}"
               for r in reports(shared_site)) == 1


def test_the_language_changes_and_what_was_typed_stays(shared_site):
    client = shared_site.client()
    form = client.get(FORM).form("/melden")
    values = form.filled(message="Łęcka\r\nzweite", switch="1")
    answer = client.post("/en/barrierefreiheit/melden", values)
    assert answer.status == 200 and "What hinders you?" in answer.text
    # An HTML parser's first newline in a textarea is the template's.
    assert answer.form("/melden").fields["message"].split() == [
        "Łęcka", "zweite"]


def test_a_program_is_asked_once_more(shared_site):
    client = shared_site.client()
    answer = report(client, "von einem Programm", website="http://x.example")
    assert answer.status == 422
    again = answer.form("/melden")
    assert again.fields["website"] == ""
    assert "von einem Programm" in again.fields["message"]
    assert not any("Programm" in r["message"] for r in reports(shared_site))
    assert client.post(again.action, again.fields).status == 303
    assert any("Programm" in r["message"] for r in reports(shared_site))


def test_a_form_of_ours_alone_is_taken(shared_site):
    client, before = shared_site.client(), len(reports(shared_site))
    for stamp in ("", "1.x", "123"):
        answer = client.post(FORM, {"message": "fremd", "stamp": stamp})
        assert answer.status == 403
        assert "fremd" in answer.form("/melden").fields["message"]
    assert len(reports(shared_site)) == before


def test_every_page_leads_to_the_form_and_says_which_it_is(shared_site):
    client = shared_site.client()
    for path in ("/de/", "/de/sachsen", "/de/sachsen/arbeit-2030",
                 "/de/impressum", "/de/barrierefreiheit"):
        text = client.get(path).text
        assert f'href="{FORM}?page={path}"' in text, path
        form = client.get(f"{FORM}?page={path}").form("/melden")
        assert form.fields["page"] == path
    # Somebody's own pages and errors say nothing of where they are.
    text = client.get("/de/nirgends/gar/nicht").text
    assert f'href="{FORM}"' in text and "?page=" not in text
    for foreign in ("//evil.example", "https://evil.example", "/de/%3Cb%3E",
                    "/de/r/" + "A" * 43, "/" + "a" * 501, "x"):
        form = client.get(f"{FORM}?page={foreign}").form("/melden")
        assert form.fields["page"] == "", foreign


def test_what_was_written_stays_text(shared_site):
    client, site = shared_site.client(), shared_site
    messages = ["\n".join(PAYLOADS[i:i + 8])
                for i in range(0, len(PAYLOADS), 8)] + LINES
    known, taken = len(reports(site)), 0
    for i, message in enumerate(messages):
        answer = report(client, message, page=f"<{MARK}> {i}")
        assert answer.status in (303, 422), answer.status
        check_page(answer.text, message)
        taken += answer.status == 303
    assert len(reports(site)) == known + taken
    assert taken >= len(LINES) // 2
    desk, _ = sign_in(site)
    page = desk.get(DESK)
    assert MARK in page.text
    check_page(page.text, DESK)

    def marked():
        some = [m for m in site.letters() if MARK in plain(m)]
        return some if len(some) >= taken else None
    for letter in wait_for(marked, 20, f"{taken} letters"):
        check_page(letter.get_body(("html",)).get_content(), "the letter")
        assert MARK not in "".join(f"{k}: {v}" for k, v in letter.items())
        # Its lines are marked as somebody else's, each of them.
        said = plain(letter).split("Geschrieben wurde:")[1]
        assert all(line.startswith("> ") or MARK not in line
                   for line in said.splitlines())
    assert MARK not in site.log_text()


def test_nobody_else_sees_what_was_reported(shared_site):
    site = shared_site
    report(site.client(), "nur für die Betreiberin", email="a@example.org")
    site.run("account", "add", "eigner@example.org", "--name", "E", "--role",
             "owner", "--alliance", "sachsen",
             input="ein langes Kennwort\n")
    owner, answer = sign_in(site, "eigner@example.org",
                            "ein langes Kennwort")
    assert answer.status == 303
    page = owner.get(DESK)
    assert page.status == 403 and "Betreiberin" not in page.text
    assert DESK not in owner.get("/de/desk/").text


def test_erasing_everything_of_an_address_takes_its_reports_too(shared_site):
    site, marks = shared_site, ["zwqm geheim", "zwqn@example.org"]
    report(site.client(), "zwqm geheim", email="Zwqn@Example.org")
    assert site.register("zwqn@example.org").status == 303
    one = site.run("erase", "--email", "zwqn@example.org",
                   "sachsen/arbeit-2030")
    assert "a barrier was reported with that address" in one.stdout
    assert found(site, marks)
    done = json.loads(site.run("erase", "--email", "zwqn@example.org",
                               "--everywhere", "--prove", "--json").stdout)
    assert done["reports"] == 1
    assert done["searched"]["found"] == 0 and done["searched"]["traces"] > 4
    wait_until_gone(site, marks)


def test_own_data_holds_ones_own_reports(shared_site):
    from test_privacy import Marked
    site, person = shared_site, Marked(77)
    report(site.client(), "meine Meldung", email=person.address.upper())
    report(site.client(), "fremde Meldung", email="x@example.org")
    person.register(site)
    person.learn(site)
    data = json.loads(site.client().get(person.path + "/data.json").text)
    [mine] = data["reported_barriers"]
    assert mine["message"] == "meine Meldung" and not mine["answered"]


def test_the_operators_see_how_many_wait(shared_site):
    count = len(reports(shared_site))
    text = shared_site.client().get("/-/metrics").text
    assert f"convened_feedback_open {count}" in text
    assert "convened_feedback_overdue 0" in text


def test_texts_and_statement_are_as_the_operator_has_them(site):
    """Sign language only if filled, a film there is a link and nothing more;
    a statement that is too old is said aloud."""
    client, folder = site.client(), site.folder
    assert "/de/gebaerdensprache" not in client.get("/de/").text
    assert client.get("/de/gebaerdensprache").status == 404
    (folder / "texts/de/gebaerdensprache.md").write_text(
        "[Film](https://film.example/1) ![Bild](https://film.example/2.jpg)")
    config = folder / "convened.conf"
    text = config.read_text()
    config.write_text(re.sub(r"prepared = \S+", "prepared = 2020-02-29",
                             text))
    warned = site.run("config", "check")
    assert "more than 12 months" in warned.stderr
    assert "but warnings" in warned.stdout
    site.process.send_signal(signal.SIGHUP)
    wait_for(lambda: client.get("/de/gebaerdensprache").status == 200,
             what="the new texts")
    page = client.get("/de/gebaerdensprache").text
    assert '<a href="https://film.example/1">Film</a>' in page
    assert "<img" not in page and "2.jpg" not in page
    for lang in ("de", "en"):
        home = client.get(f"/{lang}/").text
        assert f'href="/{lang}/gebaerdensprache"' in home
    english = client.get("/en/gebaerdensprache").text
    assert 'hreflang="de"' in english and 'lang="de"' in english
    assert "more than 12 months" in site.log_text()
    assert "29. Februar 2020" in client.get("/de/barrierefreiheit").text
