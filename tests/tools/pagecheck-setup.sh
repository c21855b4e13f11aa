#!/bin/sh
# Installs what pagecheck.mjs needs: Debian's node, chromium and a Java for
# the HTML checker, and three npm packages as locked in package-lock.json –
# into a cache folder, never into the repository. Prints where the checker
# can be started.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cache=${PAGECHECK_CACHE:-$HOME/.cache/pagecheck}
missing=
command -v node >/dev/null || missing="$missing nodejs"
command -v npm >/dev/null || missing="$missing npm"
command -v chromium >/dev/null || missing="$missing chromium"
command -v java >/dev/null || missing="$missing default-jre-headless"
if [ -n "$missing" ]; then
	# shellcheck disable=SC2086
	DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
		-o DPkg::Lock::Timeout=300 $missing >&2
fi
mkdir -p "$cache"
cp "$here/pagecheck.mjs" "$cache/"
if ! cmp -s "$here/package-lock.json" "$cache/package-lock.json" ||
	[ ! -d "$cache/node_modules/axe-core" ]; then
	cp "$here/package.json" "$here/package-lock.json" "$cache/"
	npm --prefix "$cache" ci --no-audit --no-fund --silent >&2
fi
echo "$cache/pagecheck.mjs"
