#!/bin/sh
# A function that two of our libraries define would silently be linked from
# whichever comes first. Runs in the build folder.
set -eu
for library in lib*.a; do
	nm --defined-only "$library" 2>/dev/null | awk '$2 ~ /^[TDBR]$/ { print $3 }'
done | sort | uniq -d >symbols.twice
if [ -s symbols.twice ]; then
	echo "defined in two places:" >&2
	cat symbols.twice >&2
	exit 1
fi
rm -f symbols.twice
