"""The Debian package, from the build to the purge. Minutes long, with a
Debian of its own: only in tools/prove."""
import os
import subprocess

import pytest

from conftest import ROOT


@pytest.mark.proof
def test_the_package_installs_serves_and_goes(scale):
    if not scale(False, True):
        pytest.skip("there is no short form: tools/prove runs tests/package")
    if os.geteuid() != 0:
        pytest.skip("only root can install packages")
    subprocess.run([ROOT / "tests" / "package"], check=True, timeout=1800)
