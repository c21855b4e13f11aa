"""A meeting asks something more: by command, in the form without a script,
and into the lists that organisers take home."""
import csv
import io
import json
import re

import pytest

from conftest import link_in, wait_for
from test_desk import sign_in

MEETING = "dresden/fachkraeftefruehstueck"
DESK = f"/de/desk/{MEETING}/requests"


def questions(site):
    return json.loads(site.run("question", "list", MEETING,
                               "--json").stdout)


@pytest.fixture(scope="module")
def asking(shared_site):
    add = ("question", "add", MEETING)
    shared_site.run(*add, "--kind", "yes-no", "--label-de",
                    "Kommen Sie mit dem Auto?")
    shared_site.run(*add, "--kind", "text", "--label-de", "Ihr Kennzeichen?",
                    "--if", "1=ja", "--required")
    shared_site.run(*add, "--kind", "one-of", "--label-de", "Welcher Tisch?",
                    "--option", "Nord|North|1", "--option", "Süd|South")
    shared_site.run(*add, "--kind", "number", "--label-de",
                    "Wie viele Stellen?", "--least", "-5", "--most", "9")
    return shared_site


def choice(text, label):
    """The name and the value of the control with that label."""
    target = re.search(rf'<label for="([^"]+)">{label}', text).group(1)
    control = re.search(rf'<input [^>]*id="{target}"[^>]*>', text).group(0)
    return (re.search(r'name="([^"]+)"', control).group(1),
            re.search(r'value="([^"]*)"', control).group(1))


def field_of(text, label):
    return re.search(rf'<label for="([^"]+)">{label}', text).group(1)


def page(site):
    return site.client().get(f"/de/{MEETING}").text


def test_a_question_that_follows_from_an_answer_is_a_second_step(asking):
    name, yes = choice(page(asking), "Ja")
    table, north = choice(page(asking), "Nord")
    jobs = field_of(page(asking), "Wie viele Stellen")
    first = asking.register("auto@example.org", family="Wagen",
                            meeting=MEETING, **{name: yes, table: north,
                                                jobs: "-5"})
    assert first.status == 200
    title = first.text.split("</title>")[0]
    assert "Noch eine Frage" in title and "Fehler" not in title
    plate = field_of(first.text, "Ihr Kennzeichen")
    assert f'href="#{plate}"' in first.text
    form = first.form("/register")
    assert form.fields["family-name"] == "Wagen"
    assert form.fields[name] == yes and form.fields[table] == north
    # Now it is compulsory.
    second = asking.client().post(form.action, form.fields)
    assert second.status == 422
    assert "Bitte beantworten Sie diese Frage" in second.text
    values = second.form("/register").filled(**{plate: "DD-XY 12"})
    done = asking.client().post(form.action, values)
    assert done.status == 303
    receipt = asking.client().get(done.location).text
    for words in ("Ihr Kennzeichen?", "DD-XY 12", "Nord", "-5"):
        assert words in receipt
    letter = asking.letters_to("auto@example.org", 1)[0]
    mine = link_in(letter)
    assert "DD-XY 12" in asking.client().get(mine).text
    data = json.loads(asking.client().get(mine + "/data.json").text)
    assert {"question": "Ihr Kennzeichen?", "answer": "DD-XY 12"} in \
        data["answers"]


def test_a_full_option_is_shown_and_refused(asking):
    def full():  # pages may be a second old
        text = page(asking)
        return text if "Ausgebucht" in text else None

    text = wait_for(full)
    table, north = choice(text, "Nord")
    control = re.search(rf'<input [^>]*name="{table}" value="{north}"[^>]*>',
                        text).group(0)
    assert "disabled" in control
    answer = asking.register("voll@example.org", meeting=MEETING,
                             **{table: north})
    assert answer.status == 422
    assert "„Nord“ ist inzwischen ausgebucht" in answer.text
    assert [o["taken"] for o in questions(asking)[2]["options"]] == [1, 0]
    fewer = asking.run("question", "edit", MEETING, "3", "--option",
                       "Nord|North|0", check=False)
    assert fewer.returncode == 65
    assert "1 people have chosen" in fewer.stderr


def test_answers_are_changed_by_the_mailed_link(asking):
    client = asking.client()
    mine = link_in(asking.letters_to("auto@example.org", 1)[0])
    page = client.get(mine + "/answers")
    plate = field_of(page.text, "Ihr Kennzeichen")
    form = page.form("/answers")
    assert form.fields[plate] == "DD-XY 12"
    wrong = client.post(form.action, form.filled(**{plate: "x" * 201}))
    assert wrong.status == 422 and "höchstens 200 Zeichen" in wrong.text
    # Her own place is kept, although the table is full.
    done = client.post(form.action, form.filled(**{plate: "DD-AB 34"}))
    assert done.status == 303
    assert "DD-AB 34" in client.get(mine).text
    changes = json.loads(client.get(mine + "/data.json").text)["changes"]
    assert [(c["before"], c["after"]) for c in changes] == [
        ("DD-XY 12", "DD-AB 34")]
    assert [o["taken"] for o in questions(asking)[2]["options"]] == [1, 0]
    client.post(form.action, form.filled(**{plate: "DD-XY 12"}))


def test_lists_have_the_answers_as_columns(asking, tmp_path):
    for ending in ("csv", "json", "xlsx"):
        asking.run("attendees", "export", MEETING, "--output",
                   str(tmp_path / f"list.{ending}"))
    rows = list(csv.DictReader(io.StringIO(
        (tmp_path / "list.csv").read_text("utf-8-sig")), delimiter=";"))
    assert rows[0]["Ihr Kennzeichen?"] == "DD-XY 12"
    assert rows[0]["Welcher Tisch?"] == "Nord"
    assert rows[0]["Wie viele Stellen?"] == "-5"
    people = json.loads((tmp_path / "list.json").read_text())
    assert people[0]["answer_4"] == -5 and people[0]["answer_3"] == "Nord"
    import openpyxl
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").worksheets[0]
    assert [c.value for c in sheet[1]][-3:] == [
        "Ihr Kennzeichen?", "Welcher Tisch?", "Wie viele Stellen?"]
    assert [c.value for c in sheet[2]][-3:] == ["DD-XY 12", "Nord", -5]


def test_who_cancels_gives_the_place_back_and_erasure_takes_the_answers(
        asking):
    client = asking.client()
    mine = link_in(asking.letters_to("auto@example.org", 1)[0])
    form = client.get(mine).form("/cancel")
    assert client.post(form.action, form.fields).status == 303
    assert questions(asking)[2]["options"][0]["taken"] == 0
    asking.run("question", "edit", MEETING, "3", "--option", "Nord|North|0")
    form = client.get(mine).form("/undo")
    again = client.post(form.action, form.fields)
    assert again.status == 200 and "inzwischen ausgebucht" in again.text
    assert "DD-XY 12" in again.text and "Nord" not in again.text
    refused = asking.run("question", "remove", MEETING, "2", check=False)
    assert refused.returncode == 64
    assert "the answers of 1 people" in refused.stderr
    form = client.get(mine + "/erase").form("/erase")
    assert client.post(form.action, form.fields).status in (200, 303)
    asking.run("question", "remove", MEETING, "2")
    assert len(questions(asking)) == 3


def test_after_the_deadline_other_answers_are_a_request(asking):
    jobs = field_of(page(asking), "Wie viele Stellen")
    table, south = choice(page(asking), "Süd")
    assert asking.register("spaet@example.org", family="Spät",
                           meeting=MEETING,
                           **{jobs: "3", table: south}).status == 303
    mine = link_in(asking.letters_to("spaet@example.org", 1)[0])
    client = asking.client()
    early = client.get(mine + "/answers").form("/answers")
    asking.run("meeting", "edit", MEETING, "--changes-until",
               "2026-01-01 00:00")
    # Her form is from before: nothing that she typed is lost.
    late = client.post(early.action, early.filled(**{jobs: "5"}))
    assert late.status == 409 and "als Änderungswunsch" in late.text
    form = late.form("/answers")
    assert form.fields[jobs] == "5" and form.fields["ask"] == "1"
    unchanged = client.post(form.action, form.filled(**{jobs: "3"}))
    assert unchanged.status == 409
    assert "nichts geändert" in unchanged.text
    for wanted in ("5", "6"):  # the newer one counts
        assert client.post(form.action, form.filled(**{jobs: wanted})
                           ).status == 303
    text = client.get(mine).text
    assert text.count("Änderung Ihrer Antworten") == 1
    data = json.loads(client.get(mine + "/data.json").text)
    assert {"question": "Wie viele Stellen?", "answer": "6"} in \
        data["wishes"][0]["wanted"]
    desk = sign_in(asking)[0]
    shown = desk.get(DESK)
    assert "Wie viele Stellen?" in shown.text
    assert "Gewünscht: 6" in shown.text and "Süd" not in shown.text
    done = desk.post(DESK, shown.form("/requests").filled(deed="grant"))
    assert done.status == 200 and "Erfüllt" in done.text
    fresh = client.get(mine + "/answers").form("/answers")
    assert fresh.fields[jobs] == "6" and fresh.fields[table] == south
    assert "Änderung Ihrer Antworten" not in client.get(mine).text
    changed = asking.letters_to("spaet@example.org", 3)[-1]
    assert "geändert" in changed["Subject"]
