"""The release tarball: what a sysadmin does with it. Builds it three times,
so only in tools/prove."""
import filecmp
import os
import shutil
import subprocess

import pytest

from conftest import BUILD

FOLDERS = ["--prefix=/usr", "--sysconfdir=/etc"]
MAKE = ["make", "-s", f"-j{os.cpu_count()}"]


def run(words, folder, **more):
    done = subprocess.run([str(w) for w in words], cwd=folder, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=1200, **more)
    assert done.returncode == 0, done.stdout[-4000:]
    return done.stdout


@pytest.fixture(scope="module")
def tarball(tmp_path_factory, scale):
    if not scale(False, True):
        pytest.skip("there is no short form: tools/prove builds the tarball")
    run([*MAKE, "dist"], BUILD)
    found = list(BUILD.glob("convened-*.tar.gz"))
    assert len(found) == 1
    kept = tmp_path_factory.mktemp("dist") / found[0].name
    shutil.move(found[0], kept)
    return kept


def unpack(tarball, folder):
    folder.mkdir(parents=True)
    run(["tar", "-xzf", tarball, "--strip-components=1"], folder)
    return folder


def plain_environment():
    """Nothing of autotools or git is found, and no network."""
    return {**os.environ, "SOURCE_DATE_EPOCH": "1795348800",
            "AUTOCONF": "false", "AUTOMAKE": "false", "ACLOCAL": "false",
            "AUTOHEADER": "false", "GIT_DIR": "/nowhere"}


def files_below(folder):
    return sorted(p.relative_to(folder) for p in folder.rglob("*")
                  if not p.is_dir())


def without_network(words):
    alone = ["unshare", "--map-root-user", "--net"]
    works = subprocess.run([*alone, "true"], capture_output=True)
    return words if works.returncode else [*alone, *words]


@pytest.mark.proof
def test_two_builds_are_equal_and_uninstall_leaves_nothing(tarball, tmp_path):
    installed = []
    for place in ("a", "another/and/deeper"):
        source = unpack(tarball, tmp_path / place / "source")
        build = source.parent / "build"
        build.mkdir()
        env = plain_environment()
        run(without_network(["../source/configure", "-q", *FOLDERS]), build,
            env=env)
        run(without_network(MAKE), build, env=env)
        run([*MAKE, "install", f"DESTDIR={build}/root"], build, env=env)
        installed.append(build / "root")
    first, second = installed
    names = files_below(first)
    assert names == files_below(second)
    same, differ, odd = filecmp.cmpfiles(first, second, names, shallow=False)
    assert not differ and not odd
    assert len(same) >= 15
    for name in ("usr/bin/convened", "usr/share/man/man8/convened.8",
                 "usr/lib/sysusers.d/convened.conf"):
        assert (first / name).is_file(), name
    assert list(first.rglob("convened.socket"))
    run([*MAKE, "uninstall", f"DESTDIR={first}"], first.parent)
    assert files_below(first) == []


@pytest.mark.proof
def test_folders_are_where_configure_was_told(tarball, tmp_path):
    source = unpack(tarball, tmp_path / "source")
    root = tmp_path / "root"
    run(["./configure", "-q", "--without-systemd", f"--prefix={root}/usr",
         f"--sysconfdir={root}/etc", f"--localstatedir={root}/var",
         f"--runstatedir={root}/run"], source, env=plain_environment())
    run(MAKE, source, env=plain_environment())
    run([*MAKE, "install"], source, env=plain_environment())
    assert not [p for p in root.rglob("*") if "systemd" in p.name
                or p.name in ("sysusers.d", "tmpfiles.d")]
    (root / "etc" / "convened").mkdir(parents=True)
    (root / "etc" / "convened" / "convened.conf").touch()
    shown = run([root / "usr" / "bin" / "convened", "config", "show"], root)
    assert f"directory = {root}/var/lib/convened\n" in shown
    assert f"run = {root}/run/convened\n" in shown


@pytest.mark.proof
def test_configure_names_the_packages_that_are_missing(tarball, tmp_path):
    source = unpack(tarball, tmp_path / "source")
    kept = tmp_path / "pc"
    kept.mkdir()
    done = subprocess.run(
        ["./configure", "-q"], cwd=source, text=True, capture_output=True,
        env={**os.environ, "PKG_CONFIG_LIBDIR": str(kept),
             "PKG_CONFIG_PATH": ""})
    assert done.returncode != 0
    for package in ("libevent-dev", "libsqlite3-dev", "libical-dev",
                    "libcurl4-openssl-dev", "libgmime-3.0-dev",
                    "libjansson-dev", "libsodium-dev", "libcmark-dev",
                    "libidn2-dev", "libqrcodegen-dev", "zlib1g-dev"):
        assert package in done.stderr, done.stderr
    assert "apt-get install" in done.stderr


@pytest.mark.proof
def test_distcheck_passes(tarball, tmp_path):
    source = unpack(tarball, tmp_path / "source")
    build = tmp_path / "build"
    build.mkdir()
    run(["../source/configure", "-q"], build)
    run([*MAKE, "distcheck"], build)
