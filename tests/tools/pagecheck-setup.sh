#!/bin/sh
# Installs what pagecheck.mjs needs besides Debian's packages (tools/packages):
# three npm packages as locked in package-lock.json – into a cache folder,
# never into the repository. Prints where the checker can be started.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
cache=${PAGECHECK_CACHE:-$HOME/.cache/pagecheck}
for program in node npm chromium java; do
	command -v "$program" >/dev/null || {
		echo "pagecheck needs $program: tools/install-packages test" >&2
		exit 69
	}
done
"$here/npm-install" "$here" "$cache"
cp "$here/pagecheck.mjs" "$cache/"
echo "$cache/pagecheck.mjs"
