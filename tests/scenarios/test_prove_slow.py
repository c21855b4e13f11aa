"""Five hundred slow clients of a well-known tool, in each of its ways, and
somebody honest among them (RELIABILITY A11, G3)."""
import shutil
import subprocess
import threading
import time

import pytest

from conftest import MEETING

pytestmark = [pytest.mark.proof, pytest.mark.alone]

HEAD = ["-H", "-i", "10", "-x", "24"]
BODY = ["-B", "-i", "10", "-x", "10", "-s", "8192", "-t", "POST"]
READ = ["-X", "-w", "1", "-y", "1", "-n", "5", "-z", "32", "-k", "3"]


class Honest(threading.Thread):
    """Asks for a page twenty times a second and notes how long it took."""

    def __init__(self, site):
        super().__init__(daemon=True)
        self.site, self.took, self.bad = site, [], 0
        self.over = threading.Event()

    def run(self):
        while not self.over.wait(0.05):
            began = time.monotonic()
            try:
                self.bad += self.site.client().get(MEETING).status != 200
            except OSError:
                self.bad += 1
            self.took.append(time.monotonic() - began)

    def p99(self):
        return sorted(self.took)[int(len(self.took) * 0.99)]


@pytest.mark.skipif(not shutil.which("slowhttptest"),
                    reason="slowhttptest is of tools/prove")
@pytest.mark.parametrize("way", [HEAD, BODY, READ], ids=["H", "B", "X"])
def test_an_honest_client_does_not_notice(site, scale, way):
    seconds = scale(3, 45)
    path = MEETING + ("/register" if way is BODY else "")
    honest = Honest(site)
    honest.start()
    done = subprocess.run(
        ["slowhttptest", *way, "-c", str(scale(100, 500)), "-r", "200", "-l",
         str(seconds), "-p", "3", "-u", site.url + path],
        capture_output=True, text=True, timeout=seconds + 60)
    honest.over.set()
    honest.join()
    assert "slow HTTP test status" in done.stdout + done.stderr
    assert not honest.bad
    assert len(honest.took) > seconds * 5
    p99 = honest.p99()
    print(f"\n{way[0]}: {len(honest.took)} honest requests, p99 "
          f"{p99 * 1000:.1f} ms")
    assert p99 < 0.1
