#!/bin/sh
# tools/check-texts must complain when a text is not fit to be shown.
set -u

src=$(cd "${srcdir:-.}" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir -p "$tmp/tools" "$tmp/po" "$tmp/calendars" "$tmp/daemon" \
    "$tmp/web/view"
cp "$src/tools/texts" "$src/tools/check-texts" "$tmp/tools"
bad=0

cat > "$tmp/web/view/templates.c" << 'END'
#line 7 "web/templates/a.html"
    html_put_text(out, tr(lang, "Cancel"));
    html_putf(out, tr(lang, "Hello %s"), html_words(view->name));
    html_putf(out, trn(lang, "%d seat", "%d seats", (long)(view->n)),
              (int)(view->n));
END
echo 'const char *word = N_("Word");' > "$tmp/daemon/words.c"

# catalogue LANG: the header; entries follow on standard input.
catalogue() {
    {
        cat << END
msgid ""
msgstr ""
"Project-Id-Version: x\n"
"PO-Revision-Date: 2026-11-22 12:00+0000\n"
"Last-Translator: x\n"
"Language-Team: x\n"
"Language: $1\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

END
        cat
    } > "$tmp/po/$1.po"
}

english() {
    catalogue en << 'END'
msgid "Cancel"
msgstr "Cancel"

msgid "Hello %s"
msgstr "Hello %s"

msgid "%d seat"
msgid_plural "%d seats"
msgstr[0] "%d seat"
msgstr[1] "%d seats"

msgid "Word"
msgstr "Word"
END
}

german() {
    catalogue de << 'END'
msgid "Cancel"
msgstr "Absagen"

msgid "Hello %s"
msgstr "Guten Tag %s"

msgid "%d seat"
msgid_plural "%d seats"
msgstr[0] "%d Platz"
msgstr[1] "%d Plätze"

msgid "Word"
msgstr "Wort"
END
}

run() {
    "$tmp/tools/check-texts" "$tmp" "$tmp" > "$tmp/said" 2>&1
}

accept() {
    run && return
    echo "refused: $1"
    cat "$tmp/said"
    bad=1
}

# refuse WHAT WORDS: and the words are said.
refuse() {
    if run || ! grep -q -e "$2" "$tmp/said"; then
        echo "accepted, or not said: $1"
        cat "$tmp/said"
        bad=1
    fi
    german
    english
}

german
english
accept "complete catalogues"

sed -i 's/"Absagen"/""/' "$tmp/po/de.po"
refuse "no German" 'msgid "Cancel"'
sed -i '/^msgid "Word"/,$d' "$tmp/po/de.po"
refuse "a missing German entry" 'msgid "Word"'
sed -i '/^msgid "Word"/,$d' "$tmp/po/en.po"
refuse "a missing English entry" 'po/en.po: not translated'
sed -i 's/^msgid "Cancel"/#, fuzzy\n&/' "$tmp/po/de.po"
refuse "a fuzzy entry" 'fuzzy'
printf '\nmsgid "Gone"\nmsgstr "Weg"\n' >> "$tmp/po/de.po"
refuse "an entry that nobody uses" 'msgid "Gone"'
printf '\n#~ msgid "Old"\n#~ msgstr "Alt"\n' >> "$tmp/po/de.po"
refuse "an obsolete entry" 'msgid "Old"'
sed -i 's/Guten Tag %s/Guten Tag %d/' "$tmp/po/de.po"
refuse "another value in the format" 'format'
sed -i 's/Guten Tag %s/Guten Tag/' "$tmp/po/de.po"
refuse "a value left out" 'format'
sed -i '/^msgstr\[1\]/d' "$tmp/po/de.po"
refuse "a plural form left out" 'plural'

exit $bad
