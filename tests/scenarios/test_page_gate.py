"""Every page, in every state that it knows, through the page gate. In the
short form each is looked at once: every other one in German as on a phone,
the rest in English as on a desk; in the long one all in every way."""
import json

import pytest

from conftest import Site
from gate import Stage, check
from phone import Told, mailed_link
from test_accessibility import report
from test_desk import sign_in
from test_desk_decide import agree
from test_questions import choice

pytestmark = pytest.mark.browser
LANGS = ["de", "en"]
ANNUAL = "sachsen/arbeit-2030"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """With so much work that the script does not leave the asking page."""
    site = Site(tmp_path_factory.mktemp("gate") / "demo").start()
    site.stop()
    config = site.folder / "convened.conf"
    config.write_text(config.read_text().replace(
        "[limits]\n", "[limits]\nwork-bits = 24\n"))
    yield site.start()
    site.stop()


@pytest.fixture(scope="module")
def stage(site):
    with Stage(sign_in(site)[0]) as stage:
        yield stage


def public_pages(lang):
    return [f"/{lang}/", f"/{lang}/sachsen", f"/{lang}/{ANNUAL} errors",
            f"/{lang}/impressum", f"/{lang}/datenschutz",
            f"/{lang}/barrierefreiheit",
            f"/{lang}/barrierefreiheit/melden errors",
            f"/{lang}/barrierefreiheit/danke", f"/{lang}/r/ errors",
            f"/{lang}/nirgends status=404", f"/{lang}/desk/sign-in"]


def form_pages(site, stage, lang):
    """What comes back from the form instead of a receipt."""
    m = Told(site, lang, "form", 1, 5)
    post = site.client().post
    action, values = m.people("Ada", "Bea", "Cleo", mode="online")
    yield m.path
    yield stage.keep(post(action, {**values, "add": "1"}), 200)
    yield stage.keep(post(action, {**values, "family-name-3": "",
                                   "support-words-2": "x"}), 422)
    asked = post(action, {**values, "website": "x"})
    yield stage.keep(asked, 200)
    form = asked.form("/register")
    yield stage.keep(post(action, form.filled(**{"once-answer": "99"})), 422)


def annual_pages(site, stage, lang):
    """With its questions and its agenda, and what people need."""
    table, value = choice(site.client().get(f"/{lang}/{ANNUAL}").text,
                          {"de": "Anerkennung", "en": "Recognition"}[lang])
    address = f"annual.{lang}@example.org"
    yield stage.keep(site.register(address, lang=lang, family="Wahl",
                                   **{table: value}), 200)
    done = site.register(address, lang=lang, **{
        "support-words": "Mehr Licht", "support-consent": "1"})
    mine = mailed_link(site, address)
    yield done.location
    for part in ("", "/answers", "/support", "/erase"):
        yield mine + part


def registered_pages(site, stage, lang):
    m = Told(site, lang, "open", 9, 9)
    yield m.come("Anna", "Bodo", "Cora", **{"mode-3": "online"})
    anna = m.mine("Anna")
    yield anna
    yield anna + "/change"
    yield stage.keep(m.press(anna + "/change", "/change",
                             **{"family-name": ""}), 422)
    yield anna + "/hand-over errors"
    yield anna + "/cancel-all"
    m.come("Dora")
    yield stage.keep(m.press(m.mine("Dora") + "/hand-over", "/hand-over", **{
        "given-name": "Emil", "family-name": "Muster",
        "email": m.address("Emil")}), 200)
    sent = m.press(f"/{lang}/r/", "/r/", email=m.address("Anna"))
    yield stage.keep(sent, 200)


def waiting_pages(site, stage, lang):
    m = Told(site, lang, "full", 1, claim_term="1 d")
    m.come("Anna")
    yield m.come("Bodo", mode="onsite-waiting")
    yield m.mine("Bodo")
    yield m.path
    action, values = m.people("Cora", mode="onsite")
    yield stage.keep(site.client().post(action, values), 409)
    offered = Told(site, lang, "offer", 1, claim_term="1 d")
    offered.come("Anna")
    anna = offered.mine("Anna")
    offered.come("Bodo", mode="onsite-waiting")
    assert offered.press(anna, "/cancel").status == 303
    yield offered.mine("Bodo")
    gone = Told(site, lang, "gone", 1)
    gone.come("Anna")
    assert gone.press(gone.mine("Anna"), "/cancel").status == 303
    yield gone.mine("Anna")


def undecided_pages(site, stage, lang):
    m = Told(site, lang, "confirm", 9, confirm_term="48 h")
    yield m.come("Anna")
    yield m.mine("Anna")
    m = Told(site, lang, "approve", 9, approval="free")
    yield m.come("Anna")
    yield m.mine("Anna")
    for name in ("Bodo", "Cora"):
        m.come(name)
    rows = {r["given_name"]: r["reference"] for r in json.loads(site.run(
        "attendees", "list", m.name, "--json").stdout)}

    def wish(what, **more):
        form = next(f for f in stage.desk.get(
            m.desk + "?state=pending").forms() if "/decide" in f.action)
        return stage.desk.post(form.action, {
            "csrf": form.fields["csrf"], "wish": what,
            "pick": rows["Bodo"], **more})

    yield stage.url + m.desk + "?state=pending"
    yield stage.keep(wish("approve"), 200)
    asked = wish("decline")
    yield stage.keep(asked, 200)
    yield stage.keep(agree(stage.desk, asked, reason="x" * 501), 422)
    yield stage.keep(agree(stage.desk, asked, reason="Voll."), 200)
    yield m.mine("Bodo", 2) + " nobasics"  # declined; a title seen before
    yield stage.keep(wish("approve", pick="NICHTDA"), 422)


def late_pages(site, stage, lang):
    """After the deadline a change is a request."""
    m = Told(site, lang, "late", 9, 9, changes_until="2026-01-01 10:00")
    m.come("Anna")
    anna = m.mine("Anna")
    yield m.path
    yield anna + "/change"
    yield anna + "/hand-over"
    m.press(anna + "/change", "/change", organisation="Werk Beispiel")
    m.press(anna, "/mode")
    yield anna
    yield stage.url + m.desk + "/requests"
    form = next(f for f in stage.desk.get(m.desk + "/requests").forms()
                if f.action.endswith("/requests"))
    yield stage.keep(stage.desk.post(form.action, form.filled(
        deed="decline", reason="x" * 501)), 422)
    yield stage.keep(stage.desk.post(form.action, form.filled(
        deed="decline", reason="Zu spät.")), 200) + " nobasics"


def desk_pages(site, stage, lang):
    listing = f"{stage.url}/{lang}/desk/{ANNUAL}"
    report(site.client(), f"Zu wenig Kontrast, {lang}")
    yield f"{stage.url}/{lang}/desk/"
    yield f"{stage.url}/{lang}/desk/feedback"
    yield listing
    yield (listing + "?q=muster&from=2026-11-01&sort=registered&order=desc"
           "&rows=all&col=bench&col=position&col=email&col=registered")
    yield listing + "/support"


@pytest.mark.proof
@pytest.mark.parametrize("lang", LANGS)
def test_every_page_passes_the_page_gate(site, stage, tmp_path, lang, scale):
    entries = public_pages(lang)
    for pages in (form_pages, annual_pages, registered_pages, waiting_pages,
                  undecided_pages, late_pages, desk_pages):
        entries += pages(site, stage, lang)
    assert len(set(entries)) == len(entries)
    width, part = {"de": ("360", entries[::2]),
                   "en": ("1280", entries[1::2])}[lang]
    short = ("--widths", width, "--schemes", "light")
    check(tmp_path, *(e if e.startswith("http") else site.url + e
                      for e in scale(part, entries)), more=scale(short, ()))
