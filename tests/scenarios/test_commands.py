"""The administrator's words: through the running server, and without one."""
import json
import subprocess

from conftest import BINARY


def test_the_same_words_work_with_and_without_a_server(site):
    running = site.run("meeting", "list", "--json").stdout
    site.stop()
    alone = site.run("meeting", "list", "--json").stdout
    assert json.loads(running) == json.loads(alone)
    site.run("meeting", "edit", "sachsen/arbeit-2030", "--onsite", "7")
    site.start()
    assert '7' in site.run("meeting", "show", "sachsen/arbeit-2030").stdout


def test_an_edit_shows_at_the_next_request(site):
    site.register("erika@example.org")
    before = site.client().get("/de/sachsen/arbeit-2030")
    done = site.run("meeting", "edit", "sachsen/arbeit-2030", "--title-de",
                    "Ein neuer Titel")
    assert "1 registered" in done.stderr  # they get no letter about it
    after = site.client().get("/de/sachsen/arbeit-2030")
    assert "Ein neuer Titel" in after.text
    assert before.headers["etag"] != after.headers["etag"]
    feed = site.client().get("/calendars/sachsen.ics").text
    assert "Ein neuer Titel" in feed and "SEQUENCE:1" in feed


def test_a_draft_is_nowhere(site):
    site.run("meeting", "add", "sachsen/geheim", "--title-de", "Geheimnis",
             "--starts", "2027-05-01 10:00", "--ends", "2027-05-01 12:00",
             "--onsite", "5", "--venue-name", "Haus Beispiel")
    for path in ("/de/", "/de/sachsen", "/calendars/sachsen.ics",
                 "/calendars/all.ics"):
        assert "Geheimnis" not in site.client().get(path).text
    for path in ("/de/sachsen/geheim", "/calendars/sachsen/geheim.ics"):
        assert site.client().get(path).status == 404
    site.run("meeting", "publish", "sachsen/geheim")
    assert site.client().get("/de/sachsen/geheim").status == 200
    assert "Geheimnis" in site.client().get("/calendars/all.ics").text


def test_lowering_below_what_is_taken_names_the_number(site):
    for i in range(3):
        site.register(f"p{i}@example.org")
    done = site.run("meeting", "edit", "sachsen/arbeit-2030", "--onsite",
                    "2", check=False)
    assert done.returncode == 65 and "3" in done.stderr
    site.run("meeting", "edit", "sachsen/arbeit-2030", "--onsite", "3")


def test_a_mistake_says_what_to_do(site):
    for words, code in ((["meeting", "ad"], 64), (["frob"], 64),
                        (["meeting", "show", "sachsen/nichts"], 65),
                        (["alliance", "add", "desk"], 65)):
        done = site.run(*words, check=False)
        assert done.returncode == code, (words, done)
        assert done.stderr.strip() and not done.stdout


def test_all_faults_of_a_file_are_said_at_once(tmp_path):
    file = tmp_path / "convened.conf"
    file.write_text("[site]\nbase-urll = https://example.org\n"
                    "[limits]\nhead-time = 10 parsec\n[nowhere]\nx = 1\n")
    done = subprocess.run([BINARY, "--config", file, "config", "check"],
                          capture_output=True, text=True)
    assert done.returncode == 78
    for words in (":2:", "base-url", ":4:", ":5:"):
        assert words in done.stderr, done.stderr


def config_faults(site):
    done = site.run("config", "check", check=False)
    assert done.returncode == (78 if done.stderr else 0)
    return done.stderr


def test_the_check_looks_at_the_machine_and_says_all_at_once(site):
    assert config_faults(site) == ""  # while it runs
    site.stop()
    assert config_faults(site) == ""
    before = {p: p.stat().st_mtime_ns for p in site.folder.iterdir()}
    file = site.folder / "convened.conf"
    text = file.read_text()
    secret = site.folder / "password"
    secret.write_text("geheim")
    secret.chmod(0o644)
    (site.folder / "texts" / "de" / "impressum.md").write_bytes(b"\xff\xfe")
    (site.folder / "convened.key").chmod(0o640)
    file.write_text(text.replace(
        "[mail]", "[mail]\nrelay = smtp://nowhere.invalid:25\nuser = u\n"
        "password-file = password").replace(
        f"listen = 127.0.0.1:{site.port}", "listen = 192.0.2.1:8080"))
    faults = config_faults(site)
    for words in ("mail.password-file: ", "mail.relay: nowhere.invalid",
                  "site.listen: 192.0.2.1:8080", "site.texts: ", "key: "):
        assert words in faults, faults
    shown = site.run("config", "show", "--origin").stdout
    assert "geheim" not in shown and "password-file" in shown
    (site.folder / "convened.key").chmod(0o600)
    file.write_text(text.replace("texts = texts", ""))
    key = (site.folder / "convened.key").read_bytes()
    (site.folder / "convened.key").write_bytes(bytes(32))
    assert "is not the key of" in config_faults(site)
    (site.folder / "convened.key").write_bytes(key)
    (site.folder / "convened.db").write_bytes(b"something else")
    assert "database: " in config_faults(site)
    after = {p for p in site.folder.iterdir()}
    assert after == {*before, secret}  # nothing was made


def test_the_version_names_its_libraries():
    done = subprocess.run([BINARY, "--version"], capture_output=True,
                          text=True)
    for name in ("convened", "SQLite", "libevent", "libical", "libcurl"):
        assert name in done.stdout


def test_a_second_server_is_sent_away(site):
    done = site.run("serve", "--no-courier", check=False)
    assert done.returncode != 0
    assert "in use" in done.stderr
