"""The form: the waiting list, several people in one go, what the page behind
it says. One server; each test has a meeting of its own."""
import json
import re
import urllib.parse

import pytest

from conftest import wait_for


def options(terms):
    return [w for k, v in terms.items()
            for w in (f"--{k.replace('_', '-')}", str(v))]


class Meeting:
    def __init__(self, site, slug, onsite, online=0, **terms):
        self.site = site
        self.name = f"sachsen/{slug}"
        self.title = f"Treffen {slug}"
        site.run("meeting", "add", self.name, "--title-de", self.title,
                 "--title-en", f"Meeting {slug}", "--starts",
                 "2031-03-07 10:00", "--ends", "2031-03-07 15:00",
                 "--venue-name", "Haus der Beispiele", "--venue-town",
                 "Musterstadt", "--onsite", str(onsite),
                 *(("--online", str(online)) if online else ()),
                 *options(terms))
        site.run("meeting", "publish", self.name)

    def edit(self, **terms):
        self.site.run("meeting", "edit", self.name, *options(terms))

    def page(self, lang="de"):
        return self.site.client().get(f"/{lang}/{self.name}")

    def form(self):
        return self.page().form("/register")

    def seen(self, words):
        """Seat counts may lag by a second."""
        return wait_for(lambda: (p := self.page()) and words in p.text and p,
                        5, words)

    def people(self, *first, **fields):
        """Where to post, and a form of people named so. A name may come with
        an address; the first has one anyhow."""
        form = self.form()
        values = form.filled(people=str(len(first)))
        for i, given in enumerate(first):
            given, _, address = given.partition(" ")
            end = f"-{i + 1}" if i else ""
            values["given-name" + end] = given
            values["family-name" + end] = "Muster"
            values["email" + end] = address or (
                "" if i else f"{given.lower()}@example.org")
            if "mode" in form.choices:
                values["mode" + end] = "onsite"
        values.update(fields)
        return form.action, values

    def send(self, *first, **fields):
        return self.site.client().post(*self.people(*first, **fields))

    def states(self):
        """Given name to state and mode."""
        done = self.site.run("attendees", "list", self.name, "--json")
        return {r["given_name"]: (r["state"], r["mode"])
                for r in json.loads(done.stdout)}


@pytest.fixture
def meeting(shared_site, request):
    slug = request.node.name.removeprefix("test_").replace("_", "-")[:40]

    def make(onsite, online=0, **terms):
        return Meeting(shared_site, slug.rstrip("-"), onsite, online, **terms)
    return make


def done_page(meeting, answer):
    assert answer.status == 303, answer.text
    return meeting.site.client().get(answer.location).text


def heading(text):
    return re.search(r"<h1>(.*?)</h1>", text).group(1)


# ---- the waiting list ----

def test_a_full_meeting_offers_to_wait_before_the_form(meeting):
    m = meeting(1)
    assert heading(done_page(m, m.send("Anna"))) == "Sie sind angemeldet"
    page = m.seen("zurzeit steht dort niemand")
    assert page.text.index("Alle Plätze sind vergeben.") < \
        page.text.index('<form id="registration"')
    assert "Auf die Warteliste setzen lassen</button>" in page.text
    answer = m.send("Bodo")
    text = done_page(m, answer)
    assert heading(text) == "Sie stehen auf der Warteliste"
    assert "download.ics" not in text
    assert m.states()["Bodo"] == ("waiting", "onsite")
    m.seen("zurzeit steht dort 1 Person.")
    assert ">Warteliste</span>" in m.site.client().get("/de/").text
    assert "1 person is on it now" in m.page("en").text


def test_nobody_waits_without_having_agreed(meeting):
    m = meeting(1)
    action, values = m.people("Bodo")  # while there is a seat
    assert "mode" not in values
    m.send("Anna")
    refused = m.site.client().post(action, values)
    assert refused.status == 409
    assert "Sie sind nicht angemeldet. Vor Ort ist gerade der letzte Platz " \
        "vergeben worden." in refused.text
    assert "Bodo" not in m.states()
    form = refused.form("/register")
    assert form.fields["given-name"] == "Bodo"
    assert form.fields["mode"] == "onsite-waiting"
    assert m.site.client().post(form.action, form.fields).status == 303
    assert m.states()["Bodo"] == ("waiting", "onsite")


def test_who_would_wait_gets_a_seat_that_is_there(meeting):
    m = meeting(1)
    assert heading(done_page(m, m.send("Anna", mode="onsite-waiting"))) == \
        "Sie sind angemeldet"
    assert m.states()["Anna"] == ("registered", "onsite")


def test_a_full_room_leaves_the_choice_to_wait_or_to_come_online(meeting):
    m = meeting(1, 5)
    m.send("Anna")
    page = m.seen("Vor Ort: Warteliste")
    assert page.form("/register").choices["mode"] == ["onsite-waiting",
                                                      "online"]
    refused = m.send("Bodo", mode="onsite")
    assert refused.status == 409
    assert "vor Ort auf einen Platz warten oder online teilnehmen" in \
        refused.text
    form = refused.form("/register")
    assert "mode" not in form.fields  # nothing is chosen for him
    post = m.site.client().post
    assert post(form.action, form.filled(mode="online")).status == 303
    assert m.states()["Bodo"] == ("registered", "online")


def test_without_a_waiting_list_a_full_meeting_has_no_form(meeting):
    m = meeting(1, waiting="no")
    action, values = m.people("Bodo")
    m.send("Anna")
    page = m.seen("Alle Plätze sind vergeben.")
    assert not [f for f in page.forms() if f.action.endswith("/register")]
    assert "Warteliste" not in page.text
    for wish in ("onsite", "onsite-waiting"):
        refused = m.site.client().post(action, {**values, "mode": wish})
        assert refused.status == 409
        assert "Warteliste" not in refused.text
    assert "Bodo" not in m.states()


# ---- several people ----

def test_three_come_in_one_go(meeting):
    m = meeting(10, 10)
    answer = m.send("Cora", "Dana dana.muster@example.org", "Emil",
                    **{"mode-3": "online"})
    text = done_page(m, answer)
    for words in ("Cora Muster", "Vor Ort · Angemeldet · "
                  "dana.muster@example.org", "Online · Angemeldet<"):
        assert words in text
    assert m.states() == {"Cora": ("registered", "onsite"),
                          "Dana": ("registered", "onsite"),
                          "Emil": ("registered", "online")}
    m.site.letters_to("dana.muster@example.org", 1)
    # A double click, even with the last seats, is the same registration.
    m.edit(onsite=2, online=1)
    assert m.site.client().get(answer.location).status == 200
    again = m.send("Cora", "Dana dana.muster@example.org", "Emil",
                   **{"mode-3": "online"})
    assert again.status == 303
    assert heading(done_page(m, again)) == "Sie sind angemeldet"
    assert len(m.states()) == 3


def test_the_same_form_twice_gives_the_same_receipt(meeting):
    m = meeting(3)
    action, values = m.people("Fred", "Gina")
    post = m.site.client().post
    first, second = post(action, values), post(action, values)
    assert first.status == second.status == 303
    assert first.location == second.location
    assert len(m.states()) == 2


def test_a_party_larger_than_the_room_waits_together_or_gets_smaller(meeting):
    m = meeting(3)
    m.send("Anna")
    refused = m.send("Hans", "Ida", "Jan")
    assert refused.status == 409
    assert "Sie sind 3 Personen, vor Ort sind aber nur noch 2 Plätze frei." \
        in refused.text
    assert "gemeinsam auf die Warteliste" in refused.text
    assert set(m.states()) == {"Anna"}
    form = refused.form("/register")
    assert form.fields["mode"] == "onsite-waiting"
    post = m.site.client().post
    fewer = post(form.action, form.filled(remove="3"))
    assert fewer.status == 200
    form = fewer.form("/register")
    assert form.fields["people"] == "2" and "mode" not in form.fields
    assert "Jan" not in form.fields.values()
    assert post(form.action, form.fields).status == 303
    text = done_page(m, m.send("Karl", "Lea", mode="onsite-waiting"))
    assert heading(text) == "Sie stehen auf der Warteliste"
    assert m.states()["Ida"][0] == "registered"
    assert {m.states()[n][0] for n in ("Karl", "Lea")} == {"waiting"}


def test_who_takes_the_places_that_are_left_can_be_chosen(meeting):
    m = meeting(2, 5, waiting="no")
    refused = m.send("Rita", "Sven", "Tara")
    assert refused.status == 409
    assert "vor Ort sind aber nur noch 2 Plätze frei. Bitte wählen Sie für " \
        "einige von Ihnen die Online-Teilnahme." in refused.text
    assert "Vor Ort sind alle Plätze vergeben" not in refused.text
    form = refused.form("/register")
    for name in ("mode", "mode-2", "mode-3"):  # as they had chosen
        assert form.choices[name] == ["onsite", "online"]
        assert form.fields[name] == "onsite"
    post = m.site.client().post
    assert post(form.action, form.filled(**{"mode-3": "online"})).status == 303
    assert m.states() == {"Rita": ("registered", "onsite"),
                          "Sven": ("registered", "onsite"),
                          "Tara": ("registered", "online")}


def test_with_a_waiting_list_those_who_fit_are_in_at_once(meeting):
    m = meeting(3, 5)
    m.send("Tom")
    refused = m.send("Ute", "Vera", "Wim")
    assert refused.status == 409
    assert "nur noch 2 Plätze frei. Bitte wählen Sie für jede Person: " \
        "online oder Warteliste vor Ort." in refused.text
    form = refused.form("/register")
    answer = m.site.client().post(form.action, form.filled(**{
        "mode": "onsite-waiting", "mode-2": "onsite-waiting",
        "mode-3": "online"}))
    assert answer.status == 303
    assert m.states() == {"Tom": ("registered", "onsite"),
                          "Ute": ("registered", "onsite"),
                          "Vera": ("registered", "onsite"),
                          "Wim": ("registered", "online")}


def test_one_of_a_party_may_wait_while_the_other_is_online(meeting):
    m = meeting(1, 5)
    m.send("Anna")
    text = done_page(m, m.send("Mia", "Nils", **{"mode": "onsite-waiting",
                                                 "mode-2": "online"}))
    assert heading(text) == "Ihre Anmeldung ist eingegangen"
    assert "Vor Ort · Auf der Warteliste" in text and "Online · Angemeldet" in text


def test_nobody_is_in_a_form_twice(meeting):
    m = meeting(5)
    wrong = m.send("Olga", "Paul", "OLGA")
    assert wrong.status == 422
    assert wrong.text.count("Diese Person steht schon im Formular.") == 2
    assert 'href="#family-name-3"' in wrong.text
    assert m.states() == {}


def test_faults_of_each_person_are_linked_and_named(meeting):
    m = meeting(5, 5)
    wrong = m.send("Rita", "Sven niemand", "Tom",
                   **{"family-name-3": "", "mode-3": ""})
    assert wrong.status == 422
    title = re.search(r"<title>(.*?)</title>", wrong.text).group(1)
    assert title.startswith("Fehler: ")
    for target, words in (("email-2", "Person 2: Bitte geben Sie eine"),
                          ("family-name-3", "Person 3: Bitte geben Sie den"),
                          ("mode-onsite-3", "Person 3: Bitte wählen Sie")):
        assert f'<a href="#{target}">{words}' in wrong.text
        assert f'id="{target}"' in wrong.text
    assert wrong.form("/register").fields["given-name-3"] == "Tom"


def test_people_are_added_and_removed_without_losing_a_word(meeting):
    m = meeting(9, 9, party=3)
    post = m.site.client().post
    action, values = m.people("Uwe", "Vera", mode="online")
    more = post(action, {**values, "email": "kaputt", "add": "1"})
    assert more.status == 200 and "Fehler" not in more.text
    form = more.form("/register")
    assert form.fields["email"] == "kaputt"
    assert form.fields["given-name-2"] == "Vera"
    assert form.fields["mode-3"] == "online"  # as the first
    first = re.search(r'<input id="given-name-3"[^>]*>', more.text).group(0)
    assert "autofocus" in first and more.text.count("autofocus") == 1
    assert ("add", "1") not in form.buttons  # three is all it takes
    fewer = post(form.action, {**form.fields, "given-name-3": "Willi",
                               "remove": "2"})
    form = fewer.form("/register")
    assert form.fields["given-name-2"] == "Willi"
    assert "given-name-3" not in form.fields
    assert ("add", "1") in form.buttons
    assert fewer.text.count("autofocus") == 1
    assert m.states() == {}


def test_another_language_keeps_everybody(meeting):
    m = meeting(9, 9)
    action, values = m.people("Xaver", "Yara yara@example.org", "Zora",
                              **{"mode-2": "online"})
    other = m.site.client().post(action.replace("/de/", "/en/"),
                                 {**values, "switch": "1"})
    assert other.status == 200 and "Person 3" in other.text
    kept = other.form("/register").fields
    for name in ("given-name", "given-name-2", "email-2", "mode-2",
                 "given-name-3", "family-name-3", "mode-3", "people"):
        assert kept[name] == values[name]


def test_more_people_than_the_meeting_takes_are_told(meeting):
    m = meeting(9)
    action, values = m.people("Ada", "Bert", "Cleo")
    m.edit(party=2)
    refused = m.site.client().post(action, values)
    assert refused.status == 409
    assert "höchstens 2 Personen" in refused.text
    assert m.states() == {}


def test_one_more_person_keeps_the_house_and_nobodys_name(meeting):
    m = meeting(9)
    answer = m.send("Dora", organisation="Musterwerk GmbH")
    again = m.site.client().get(answer.location + "/again")
    fields = again.form("/register").fields
    assert fields["organisation"] == "Musterwerk GmbH"
    assert fields["given-name"] == fields["family-name"] == \
        fields["email"] == ""
    assert fields["people"] == "1"


def test_ten_people_with_long_names_get_a_receipt(meeting):
    m = meeting(20, party=10)
    names = [chr(ord("A") + i) + "b" * 60 for i in range(10)]
    answer = m.send(*(f"{n} {n[0].lower()}{'x' * 60}@example.org"
                      for n in names))
    assert answer.status == 303
    assert len(urllib.parse.urlsplit(answer.location).path) < 2000
    assert "Abbb" in m.site.client().get(answer.location).text
    assert len(m.states()) == 10


# ---- what is announced, and what is said then ----

def test_an_address_is_to_be_confirmed_within_a_term(meeting):
    m = meeting(9, confirm_term="48 h")
    assert "Dafür haben Sie 48 Stunden Zeit" in m.page().text
    text = done_page(m, m.send("Egon"))
    assert heading(text) == "Bitte bestätigen Sie Ihre E-Mail-Adresse"
    assert "48 Stunden Zeit" in text and "download.ics" not in text
    assert m.states()["Egon"][0] == "unconfirmed"


def test_who_must_be_approved_is_told_before_and_after(meeting):
    m = meeting(1, approval="free")
    for name in ("Frida", "Georg"):  # nobody holds a seat yet
        assert "Die Veranstalter entscheiden über Ihre Anmeldung" in \
            m.page().text
        text = done_page(m, m.send(name))
        assert heading(text) == "Ihre Anmeldung ist eingegangen"
        assert "Die Veranstalter entscheiden" in text
        assert m.states()[name][0] == "pending"
    text = done_page(m, m.send("Hans", "Ida ida@example.org"))
    assert "Wer eine eigene Adresse hat, bekommt ebenfalls eine." in text


def test_the_deadlines_stand_on_the_page(meeting):
    m = meeting(9, closes="2031-03-05 12:00",
                changes_until="2031-03-01 18:00")
    text = m.page().text
    assert "möglich bis" in text and "Samstag, 1. März 2031, 18:00 Uhr" in text
    assert "Mittwoch, 5. März 2031, 12:00 Uhr" in text


def test_when_changes_have_ended_the_page_says_to_ask(meeting):
    m = meeting(9)
    assert "möglich bis" in m.page().text
    m.edit(changes_until="2026-01-01 10:00")
    assert "Die Frist für Änderungen endete am" in m.page().text
    assert "Donnerstag, 1. Januar 2026, 10:00 Uhr" in m.page().text


# ---- organisers ----

def test_an_organiser_puts_somebody_on_the_list(meeting):
    m = meeting(1)
    m.send("Anna")
    add = ("attendees", "add", m.name, "--family", "Gast", "--given", "Hugo")
    refused = m.site.run(*add, check=False)
    assert refused.returncode != 0 and "--waiting" in refused.stderr
    assert "on the waiting list" in m.site.run(*add, "--waiting").stdout
    assert m.states()["Hugo"] == ("waiting", "onsite")
