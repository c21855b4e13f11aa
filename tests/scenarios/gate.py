"""The page gate: every page in every state through tests/tools/pagecheck.mjs,
in as few runs of it as there are languages."""
import contextlib
import gzip
import http.server
import os
import pathlib
import subprocess
import threading

CHECKER = pathlib.Path(
    os.environ.get("PAGECHECK_CACHE",
                   pathlib.Path.home() / ".cache" / "pagecheck")
) / "pagecheck.mjs"


def check(folder, *entries, more=()):
    done = subprocess.run(
        ["node", str(CHECKER), "--out", str(folder / "pages"),
         "--require-link", "Impressum|Imprint|Legal", *more, *entries],
        capture_output=True, text=True, timeout=900)
    last = done.stdout.strip().splitlines()[-1] if done.stdout else ""
    assert done.returncode == 0, "\n".join(
        line for line in done.stdout.splitlines()
        if not line.startswith("ok ")) + done.stderr[-2000:]
    assert last.endswith(" 0 problems"), done.stdout[-6000:]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        answer = self.server.kept.get(self.path)
        body = answer.body if answer else None
        headers = dict(answer.headers) if answer else {}
        if answer:
            if "gzip" in self.headers.get("Accept-Encoding", ""):
                body = gzip.compress(body)
                headers["Content-Encoding"] = "gzip"
        else:
            answer = self.server.desk.request("GET", self.path, headers={
                k: v for k, v in self.headers.items()
                if k.lower() in ("accept-encoding", "accept-language")})
            body, headers = answer.body, answer.headers
        self.send_response(answer.status)
        for name, value in headers.items():
            if name.lower() not in ("connection", "date", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # the page was left
            self.wfile.write(body)

    def log_message(self, *words):
        pass


class Stage(http.server.ThreadingHTTPServer):
    """For a checker that only knows GET and no cookies: answers to posts
    under addresses of their own, and all else as the desk's client gets
    it."""
    daemon_threads = True

    def __init__(self, desk):
        super().__init__(("127.0.0.1", 0), Handler)
        self.desk = desk
        self.kept = {}
        self.url = f"http://127.0.0.1:{self.server_port}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever).start()
        return self

    def __exit__(self, *error):
        self.shutdown()
        self.server_close()

    def keep(self, answer, status):
        """What the checker is to look at."""
        assert answer.status == status, answer.text
        path = f"/kept/{len(self.kept)}"
        self.kept[path] = answer
        return f"{self.url}{path} status={status}"
