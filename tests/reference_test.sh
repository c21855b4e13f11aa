#!/bin/bash
# The manual pages are clean, and bash completes what the program takes.
set -u
root=${srcdir:-$(dirname "$0")/..}
program=${abs_builddir:-$PWD}/convened
bad=0
fault() {
	echo "FAULT: $*"
	bad=1
}

if command -v mandoc >/dev/null; then
	for page in "$root"/docs/man/*.[58]; do
		[ -z "$(mandoc -T lint -W all "$page" 2>&1 | tee /dev/stderr)" ] ||
			fault "$page: see above"
	done
fi
for shell in zsh fish; do
	file=$root/completion/convened.fish
	[ $shell = fish ] || file=$root/completion/_convened
	if command -v $shell >/dev/null; then
		$shell -n "$file" || fault "$file: $shell does not read it"
	fi
done

compopt() { :; } # works during a completion only
. "$root/completion/convened.bash" || fault "it cannot be read"
complete_words() { # complete_words WORD… : what bash offers for the last one
	COMP_WORDS=("$@")
	COMP_CWORD=$(($# - 1))
	_convened
	printf '%s\n' "${COMPREPLY[@]}"
}
offered() { # offered EXPECTED WORD…
	local expected=$1 got
	shift
	got=$(complete_words "$@" | tr '\n' ' ')
	[ "$got" = "$expected " ] || fault "$*: offered $got, not $expected"
}
offered "meeting" convened mee
offered "meeting" convened --config x mee
offered "--origin" convened config show --o
offered "" convened meeting add --title-de ""
offered "--title-de --title-en" convened meeting add sachsen/x --title-

# Every option that the program's own help names is offered.
for words in "meeting add" "alliance edit" "mail queue" "serve"; do
	# shellcheck disable=SC2086 # two words are two
	offer=$(complete_words convened $words -- --)
	for option in $("$program" $words --help | grep -oE -- '--[a-z-]+'); do
		[ "$option" = --config ] ||
			printf '%s\n' "$offer" | grep -qx -- "$option" ||
			fault "$words: $option is not offered"
	done
done
exit $bad
