#!/bin/sh
# The units: nothing that systemd does not know, and as closed as promised
# (RELIABILITY, section 7). Needs systemd-analyze, not a running systemd.
set -u
units=${abs_builddir:-$PWD}/systemd
analyze=$(command -v systemd-analyze) || {
	echo "skipped: systemd-analyze is not there"
	exit 77
}
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
bad=0
fault() {
	echo "FAULT: $*"
	bad=1
}

# What the units start is not installed yet; everything else is looked at.
for unit in "$units"/*.service "$units"/*.socket "$units"/*.timer; do
	sed "s,^ExecStart=[^ ]*/convened ,ExecStart=/bin/true ," "$unit" \
		>"$dir/${unit##*/}"
	grep -n '@[a-z]*@' "$unit" && fault "$unit: not filled in"
done
# Units that are not ours, and manuals, are not there on every machine.
"$analyze" verify --man=no --recursive-errors=no "$dir"/* >"$dir/said" 2>&1 ||
	fault "systemd-analyze verify failed"
grep "$dir" "$dir/said" && fault "systemd-analyze verify complains"

exposure() { # exposure UNIT TENTHS
	"$analyze" security --offline=yes --threshold="$2" "$dir/$1" \
		>"$dir/said" 2>&1 || {
		grep -v '✓' "$dir/said"
		fault "$1 is more exposed than $2 tenths"
	}
	grep 'Overall' "$dir/said"
}
exposure convened.service 5
exposure convened-courier.service 12
exposure convened-backup.service 5
exit $bad
