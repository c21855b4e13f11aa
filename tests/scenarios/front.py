"""nginx in front of a site, from the very file that docs/proxies shows: only
names, ports and the certificate are put in."""
import atexit
import functools
import http.client
import os
import pathlib
import shutil
import ssl
import subprocess
import tempfile

from conftest import ROOT, free_port, wait_for

EXAMPLE = ROOT / "docs" / "proxies" / "nginx.conf"

# What the example leaves to the distribution's nginx.conf, for one user.
AROUND = """
{user}daemon off; worker_processes 1; pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 1024; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
    scgi_temp_path {folder}/s;
    include {folder}/site.conf;
}}
"""

CONFIG = """[site]
base-url = {url}
hosts = 127.0.0.1 localhost
listen = 127.0.0.1:{port} unix:{run}/http.sock
proxies = 127.0.0.1
texts = texts
demo = yes
[state]
directory = .
run = {run}
[limits]
exempt = 127.0.0.0/8 ::1
[mail]
domain = example.org
spool = mail
"""


@functools.cache
def certificate():
    """A folder with key.pem and cert.pem for localhost; gone at the end."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="convened-tls-"))
    atexit.register(shutil.rmtree, folder)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
         "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext",
         "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True)
    os.environ["SSL_CERT_FILE"] = str(folder / "cert.pem")
    return folder


def filled_in(example, changes):
    for old, new in changes.items():
        assert old in example, f"{EXAMPLE}: \"{old}\" is expected there"
        example = example.replace(old, new)
    return example


class Nginx:
    """Before a Site, by TCP or, as the example's comment has it, by the Unix
    socket."""

    def __init__(self, site, unix=False):
        self.site = site
        self.unix = unix
        self.port, self.plain_port = free_port(), free_port()
        self.folder = site.folder.with_name(site.folder.name + "-nginx")
        self.process = None

    @property
    def url(self):
        return f"https://localhost:{self.port}"

    @functools.cached_property
    def run_dir(self):
        """A socket's name is short."""
        run = str(self.site.folder / "run")
        return run if len(run) <= 90 else \
            tempfile.mkdtemp(prefix="convened-run-")

    def connect(self):
        return http.client.HTTPSConnection(
            "localhost", self.port, timeout=30,
            context=ssl.create_default_context(
                cafile=certificate() / "cert.pem"))

    def start(self):
        if not (self.site.folder / "convened.conf").exists():
            self.write_config()
        if self.process:
            return
        self.folder.mkdir(exist_ok=True)
        keys = "/etc/letsencrypt/live/termine.example.org"
        (self.folder / "site.conf").write_text(filled_in(
            EXAMPLE.read_text(), {
                f"{keys}/fullchain.pem": str(certificate() / "cert.pem"),
                f"{keys}/privkey.pem": str(certificate() / "key.pem"),
                "listen [::]:80;": "",
                "listen [::]:443 ssl http2;": "",
                "listen 80;": f"listen 127.0.0.1:{self.plain_port};",
                "listen 443 ": f"listen 127.0.0.1:{self.port} ",
                **self.behind(),
                "server_name termine.example.org;":
                    "server_name localhost 127.0.0.1;",
                "https://termine.example.org": self.url}))
        conf = self.folder / "nginx.conf"
        conf.write_text(AROUND.format(
            folder=self.folder,
            user="user root; " if os.geteuid() == 0 else ""))
        nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin")
        assert nginx, "nginx is missing: tools/install-packages test"
        self.process = subprocess.Popen(
            [nginx, "-p", str(self.folder), "-c", str(conf)],
            stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(lambda: (self.folder / "nginx.pid").exists(), 20, "nginx")

    def behind(self):
        tcp, unix = "server 127.0.0.1:8080;", "# server unix:/run/convened.sock;"
        if self.unix:
            return {tcp: "", unix: f"server unix:{self.run_dir}/http.sock;"}
        return {tcp: f"server 127.0.0.1:{self.site.port};"}

    def write_config(self):
        """As `convened demo` would write it, but for base-url and proxies:
        it keeps what it finds."""
        self.site.folder.mkdir(mode=0o700, exist_ok=True)
        text = CONFIG.format(url=self.url, port=self.site.port,
                             run=self.run_dir)
        if self.site.relay:
            text += f"relay = {self.site.relay}\ntls = none\n"
        (self.site.folder / "convened.conf").write_text(text)

    def stop(self):
        if not self.process:
            return
        self.process.terminate()
        self.process.wait(10)
        self.process = None
        # Until the server is up, there is nobody to connect to.
        errors = [line for line in
                  (self.folder / "error.log").read_text().splitlines()
                  if ("[crit]" in line or "[alert]" in line)
                  and "while connecting to upstream" not in line]
        assert not errors, errors
