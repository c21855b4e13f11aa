#!/bin/sh
# docs/security.md says for each item in which file it is done and which test
# shows it. What is renamed or removed has to be so there, too. In backquotes:
# "folder/file", or "file: test", whose file is one of tests/ or, if it is
# Python, of tests/scenarios/.
set -u
root=${srcdir:-$(dirname "$0")/..}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# check TEXT: its broken references, a line each.
check() {
	grep -o '`[^`]*`' "$1" | tr -d '`' | sort -u | while read -r file name; do
		case $file in
		*_test.c: | *.py:)
			file=${file%:}
			case $file in
			*.py) path=$root/tests/scenarios/$file defines="def $name(" ;;
			*) path=$root/tests/$file defines="static void $name(" ;;
			esac
			grep -qF -- "$defines" "$path" 2>/dev/null ||
				echo "$file: no test $name"
			;;
		/* | *[!A-Za-z0-9_./-]*) ;;
		*/*)
			[ -n "$name" ] || [ -e "$root/$file" ] || echo "no file $file"
			;;
		esac
	done
}

bad=0
for text in docs/security.md SECURITY.md; do
	check "$root/$text" >"$tmp/broken"
	sed "s,^,$text: ," "$tmp/broken"
	[ ! -s "$tmp/broken" ] || bad=1
done

# Each item stands there once, and the sum of the list is that of its rows:
# "| 1.2.6–1.2.9 | words | done: why | where | test |".
awk -F' *[|] *' '/^\| [0-9]+\.[0-9]+\.[0-9]+/ {
	gsub(/–/, "-", $2)
	n = split($2, ends, "-")
	first = last = ends[1]
	if (n > 1)
		last = ends[2]
	section = first
	sub(/[0-9]+$/, "", section)
	sub(/.*\./, "", first)
	sub(/.*\./, "", last)
	state = $4
	sub(/:.*/, "", state)
	for (i = first + 0; i <= last + 0; i++) {
		if (seen[section i]++)
			print section i " stands there twice" >"/dev/stderr"
		all++
		count[state]++
	}
} END {
	printf "Of %d items: %d done, %d partly, %d not yet, %d operator, %d –.\n",
		all, count["done"], count["partly"], count["not yet"],
		count["operator"], count["–"]
}' "$root/docs/security.md" >"$tmp/sum" 2>"$tmp/twice"
cat "$tmp/twice"
[ ! -s "$tmp/twice" ] || bad=1
grep -qxF -f "$tmp/sum" "$root/docs/security.md" || {
	echo "docs/security.md does not say: $(cat "$tmp/sum")"
	bad=1
}

# And this test sees what it is for.
cat >"$tmp/text" <<'TEXT'
`daemon/main.c` `daemon/not_there.c` `test_desk.py: test_nothing_like_it`
`base_test.c: what_is_encoded_comes_back` `not_there_test.c: some_test`
`/var/lib/anything` `convened backup` `GET /de/`
TEXT
[ "$(check "$tmp/text" | wc -l)" -eq 3 ] || {
	echo "three broken references, seen:"
	check "$tmp/text"
	bad=1
}
exit $bad
