"""Approving and declining, at the desk and by command."""
import json
import re

import pytest

from test_desk import LIST, sign_in

MEETING = "sachsen/arbeit-2030"
PENDING = LIST + "?state=pending"
PASSWORD = "ein langes Kennwort"


@pytest.fixture(scope="module")
def asking(shared_site):
    """The annual meeting asks for approval, without holding seats."""
    shared_site.run("meeting", "edit", MEETING, "--approval", "free")
    return shared_site


@pytest.fixture(scope="module")
def desk(asking):
    return sign_in(asking)[0]


def leave_seats(site, left):
    site.set_seats(onsite=left + site.count("--state", "registered",
                                            "--mode", "onsite"))


def one(site, name):
    done = site.run("attendees", "list", MEETING, "--search", name, "--json")
    return json.loads(done.stdout)[0]


def come(site, *names):
    """They register and await approval; their reference codes."""
    for name in names:
        answer = site.register(f"{name.lower()}@example.org", family=name)
        assert answer.status == 303
        assert one(site, name)["state"] == "pending"
    return [one(site, name)["reference"] for name in names]


def states(site, *names):
    return [one(site, name)["state"] for name in names]


def press(desk, wish, *references, path=PENDING):
    """A button under the list, with those ticked."""
    form = next(f for f in desk.get(path).forms() if "/decide" in f.action)
    return desk.post(form.action, [("csrf", form.fields["csrf"]),
                                   ("wish", wish)] +
                     [("pick", r) for r in references])


def agree(desk, page, action="/decide", **more):
    """The button on the page that asks once, or takes it back."""
    form = next(f for f in page.forms() if action in f.action)
    picks = re.findall(r'type="hidden" name="pick" value="(\w+)"', page.text)
    fields = {k: v for k, v in form.fields.items() if k != "pick"}
    return desk.post(form.action, list({**fields, **more}.items()) +
                     [("pick", r) for r in picks])


def test_one_and_many_are_approved_and_told_what_became_of_them(asking,
                                                                desk):
    leave_seats(asking, 2)
    first, *others = come(asking, "Ansorge", "Brandt", "Conrad")
    page = press(desk, "approve", first)
    assert page.status == 200 and "Ansorge" in page.text
    assert states(asking, "Ansorge") == ["pending"]
    done = agree(desk, page)
    assert done.status == 200 and "Zugesagt" in done.text
    assert states(asking, "Ansorge") == ["registered"]
    letter = asking.letters_to("ansorge@example.org", 2)[-1]
    assert "abgelehnt" not in letter["Subject"]
    page = press(desk, "approve-all", path=PENDING + "&mode=onsite")
    done = agree(desk, page)
    assert sorted(states(asking, "Brandt", "Conrad")) == ["registered",
                                                          "waiting"]
    assert "Auf der Warteliste" in done.text
    again = agree(desk, page)
    assert again.status == 422  # nobody is left
    queue = desk.get(LIST + "?queue=yes&sort=queue")
    assert "Platz auf der Warteliste" in queue.text


def test_a_decline_has_a_reason_and_is_taken_back_for_a_day(asking, desk):
    dora, emil = come(asking, "Dorau", "Emils")
    page = press(desk, "decline", dora, emil)
    assert "2 Anmeldungen ablehnen?" in page.text
    assert agree(desk, page, reason="x" * 501).status == 422
    assert states(asking, "Dorau", "Emils") == ["pending"] * 2
    done = agree(desk, page, reason="Der Saal ist <b>zu klein</b>.")
    assert done.status == 200
    assert states(asking, "Dorau", "Emils") == ["declined"] * 2
    back = agree(desk, done, "/reconsider")
    assert back.status == 200 and "Zurückgenommen" in back.text
    assert states(asking, "Dorau", "Emils") == ["pending"] * 2
    asking.run("attendees", "decline", MEETING, dora, "--reason", "Voll")
    listed = desk.get(LIST + "?state=declined")
    assert f'value="{dora}"' in listed.text
    asking.run("attendees", "reconsider", MEETING, dora)
    assert states(asking, "Dorau") == ["pending"]


def test_whoever_came_meanwhile_is_not_decided_unseen(asking, desk):
    come(asking, "Fabers")
    page = press(desk, "decline-all")
    come(asking, "Grothe")
    answer = agree(desk, page)
    assert answer.status == 422
    assert "Die Liste hat sich inzwischen geändert" in answer.text
    assert states(asking, "Fabers", "Grothe") == ["pending"] * 2


def test_without_a_tick_nobody_is_meant(asking, desk):
    come(asking, "Hanisch")
    answer = press(desk, "approve")
    assert answer.status == 422 and "Niemand ist ausgewählt" in answer.text
    assert states(asking, "Hanisch") == ["pending"]
    gone = press(desk, "approve", "NICHTDA")
    assert gone.status == 422


def test_full_without_a_waiting_list_is_said(asking, desk):
    leave_seats(asking, 0)
    asking.run("meeting", "edit", MEETING, "--waiting", "no")
    asking.set_seats(onsite=1000)
    iris, = come(asking, "Irrgang")
    leave_seats(asking, 0)
    done = agree(desk, press(desk, "approve", iris))
    assert "kein Platz mehr frei" in done.text
    refused = asking.run("attendees", "approve", MEETING, iris, check=False)
    assert refused.returncode == 65
    assert "keeps no waiting list" in refused.stderr
    assert states(asking, "Irrgang") == ["pending"]
    asking.run("meeting", "edit", MEETING, "--waiting", "yes", "--onsite",
               "1000")


def test_the_command_decides_all_and_shows_them(asking):
    asking.run("attendees", "approve", MEETING, "--all")
    come(asking, "Jahnke", "Krause")
    done = asking.run("attendees", "approve", MEETING, "--all", "--json")
    rows = json.loads(done.stdout)
    assert {r["family_name"] for r in rows} == {"Jahnke", "Krause"}
    assert {r["state"] for r in rows} == {"registered"}
    lena, = come(asking, "Lehnert")
    asked = asking.run("attendees", "decline", MEETING, "--all", check=False)
    assert asked.returncode == 64 and "would decline 1" in asked.stderr
    wrong = asking.run("attendees", "approve", MEETING, lena, "NICHTDA",
                       check=False)
    assert wrong.returncode == 65
    assert states(asking, "Lehnert") == ["pending"]


def test_only_editors_and_owners_decide(asking, desk):
    maja, = come(asking, "Mertens")
    asking.run("alliance", "add", "fremd", "--name-de", "Fremd",
               "--mail-from", "fremd@example.org", "--contact-name", "F",
               "--contact-email", "fremd@example.org")
    for role, alliance, may in (("numbers", "sachsen", False),
                                ("door", "sachsen", False),
                                ("owner", "fremd", False),
                                ("editor", "sachsen", True)):
        email = f"{role}-{alliance}@example.org"
        asking.run("account", "add", email, "--name", role, "--role", role,
                   "--alliance", alliance, input=PASSWORD + "\n")
        client, _ = sign_in(asking, email, PASSWORD)
        page = client.get("/de/desk/")
        csrf = page.form("/sign-out").fields["csrf"]
        assert ("/decide" in client.get(PENDING).text) == may
        for deed in ("decide", "reconsider"):
            answer = client.post(f"{LIST}/{deed}", [
                ("csrf", csrf), ("wish", "approve"), ("pick", maja),
                ("asked", "1"), ("sure", "yes")])
            if not may:
                assert answer.status in (403, 404), (role, deed)
                assert "Mertens" not in answer.text
                assert states(asking, "Mertens") == ["pending"]
    assert states(asking, "Mertens") == ["registered"]
