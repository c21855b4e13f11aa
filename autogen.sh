#!/bin/sh
# Makes ./configure from a checkout; a release tarball has it already.
set -eu
cd "$(dirname "$0")"
autoreconf --install --force --warnings=all
