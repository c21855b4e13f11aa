#!/bin/sh
# tools/check-source must see each kind of fault, and nothing in a clean tree.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
check=$here/tools/check-source
tree=$(mktemp -d "${TMPDIR:-/tmp}/check-source.XXXXXX")
trap 'rm -rf "$tree"' EXIT
failures=0

fresh() {
    rm -rf "$tree/daemon" "$tree/web" "$tree/calendars" "$tree/tests"
    mkdir -p "$tree/daemon/base" "$tree/daemon/model" "$tree/daemon/store" \
        "$tree/daemon/http" "$tree/daemon/rules" "$tree/daemon/mail" \
        "$tree/calendars" "$tree/web/view" "$tree/web/pages" "$tree/tests"
    cat >"$tree/daemon/rules/fine.c" <<'END'
/* Words about malloc(1), time(NULL) and strcpy() are only words. */
#include <stdlib.h>

#include "daemon/base/str.h"
#include "daemon/store/db.h"

struct table { int (*free)(int); };

int fine(struct table *t)
{
    const char *text = "system(\"x\"); /* no comment {";
    return t->free(text[0] == '{' ? 1 : 0);
}
END
}

say() {
    echo "$*"
    failures=$((failures + 1))
}

# sees PATH WORDS: the file on standard input has a fault with these words.
sees() {
    cat >"$tree/$1"
    if out=$("$check" "$tree"); then
        say "not seen in $1: $2"
    elif ! printf '%s\n' "$out" | grep -q "^$1:[0-9]*: .*$2"; then
        say "expected '$2' in $1, got: $out"
    fi
    fresh
}

# passes PATH: the file on standard input is fine.
passes() {
    cat >"$tree/$1"
    out=$("$check" "$tree") || say "should be fine: $out"
    fresh
}

fresh
passes daemon/model/empty.h </dev/null

# Layers
echo '#include "daemon/rules/access.h"' | sees daemon/model/a.c 'above'
echo '#include "daemon/mail/letters.h"' | sees web/view/a.c 'above'
echo '#include "daemon/server.h"' | sees web/routes.c 'above'
echo '#include "daemon/store/db.h"' | sees daemon/http/a.c 'do not see'
echo '#include "daemon/http/form.h"' | sees daemon/store/a.h 'do not see'
echo '#include "calendars/zone.h"' | sees daemon/store/a.c 'do not see'
echo '#include "daemon/store/db.h"' | sees calendars/a.c 'do not see'
echo '#include "web/view/html.h"' | sees daemon/rules/a.c 'do not see'
echo '#include "web/site.h"' | sees daemon/mail/a.c 'do not see'
echo '#include "db.h"' | sees daemon/store/a.c 'from the root'
echo '#include "web/site.h"' | passes web/pages/a.c
echo '#include "web/pages/home.h"' | passes web/routes.c

# Homes of foreign libraries
echo '#include <sqlite3.h>' | sees daemon/rules/a.c 'its home'
echo '#include <sqlite3.h>' | passes daemon/store/a.c
echo '#include <libical/ical.h>' | sees daemon/mail/a.c 'its home'
echo '#include <curl/curl.h>' | sees daemon/server.c 'its home'
echo '#include <curl/curl.h>' | sees daemon/mail/letters.c 'its home'
echo '#include <curl/curl.h>' | passes daemon/mail/smtp.c
echo '#include <gmime/gmime.h>' | sees web/view/a.c 'its home'
echo '#include <sodium.h>' | sees daemon/base/str.c 'its home'
echo '#include <sodium.h>' | passes daemon/base/token.c
echo '#include <uninorm.h>' | sees daemon/base/str.c 'its home'
echo '#include <unistd.h>' | passes daemon/base/str.c
echo '#include <idn2.h>' | sees daemon/base/text.c 'its home'
echo '#include <cmark.h>' | sees web/pages/a.c 'its home'
echo '#include <qrcodegen.h>' | sees web/view/html.c 'its home'
echo '#include <jansson.h>' | sees daemon/rules/a.c 'its home'
echo '#include <jansson.h>' | passes daemon/control.c
echo '#include <event2/event.h>' | sees daemon/store/a.c 'its home'
echo '#include <zlib.h>' | sees web/view/a.c 'its home'
echo '#include <cmocka.h>' | sees daemon/base/a.c 'its home'
echo '#include <cmocka.h>' | passes tests/a.c

# Calls
for call in malloc calloc realloc free strdup; do
    echo "void f(void) { $call(1); }" | sees web/pages/a.c "$call()"
    echo "void f(void) { $call(1); }" | passes daemon/base/mem.c
    echo "void f(void) { $call(1); }" | passes web/htmlc_scan.c
done
for call in strcpy strcat sprintf vsprintf gets atoi atol strtok alloca \
    system popen; do
    echo "void f(void) { x = $call (1); }" | sees daemon/base/a.c "$call()"
done
echo 'long f(void) { return time(0); }' | sees daemon/rules/a.c 'time()'
echo 'long f(void) { return time(0); }' | passes daemon/base/clock.c
echo 'void f(void) { gettimeofday(&t, 0); }' |
    sees daemon/server.c 'gettimeofday()'
echo 'void f(void) { sqlite3_exec(db, text, 0, 0, 0); }' |
    sees daemon/store/a.c 'no constant'
echo 'void f(void) { sqlite3_exec(db, "BEGIN", 0, 0, 0); }' |
    passes daemon/store/a.c
echo 'void f(void) { sqlite3_exec(db, step->sql, 0, 0, 0); }' |
    passes daemon/store/a.c
echo 'void f(void) { sqlite3_mprintf("%s", x); }' |
    sees daemon/store/a.c 'never built'
echo 'void f(void) { str_addf(&s, "SELECT %s", x); }' |
    sees daemon/store/a.c 'never built'

# Lengths and looks
body() {
    echo 'int f(int x)'
    echo '{'
    i=2
    while [ "$i" -lt "$1" ]; do
        echo '    x++; /* } */'
        i=$((i + 1))
    done
    echo '}'
}
body 71 | sees daemon/rules/a.c 'function of 71 lines'
body 70 | passes daemon/rules/a.c
awk 'BEGIN { for (i = 0; i < 601; i++) print "" }' |
    sees daemon/rules/a.h 'file of 601 lines'
awk 'BEGIN { for (i = 0; i < 600; i++) print "" }' | passes daemon/rules/a.h
awk 'BEGIN { printf "/*"; for (i = 0; i < 77; i++) printf "x"; print "*/" }' |
    sees daemon/rules/a.h 'line of 81 columns'
printf '\tint x;\n' | sees tests/a.c 'tab'
echo "/* TO""DO: later */" | sees web/view/a.c 'finish it'

rm -rf "$tree/daemon" "$tree/web" "$tree/calendars" "$tree/tests"
if "$check" "$tree" >/dev/null; then
    say "a tree without sources is a wrong path, not a clean tree"
fi
if "$check" "$tree/nowhere" 2>/dev/null; then
    say "a folder that is not there is a mistake"
fi

[ "$failures" -eq 0 ]
