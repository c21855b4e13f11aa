# The sample legal texts as C: one row for each file, by its path below
# web/texts.
function close_row() {
    if (open)
        print "    },"
}
BEGIN {
    print "/* Made from web/texts by demo_texts.awk. */"
    print "#include \"daemon/demo_parts.h\"\n"
    print "#include <stddef.h>\n"
    print "const struct demo_text demo_texts[] = {"
}
FNR == 1 {
    close_row()
    open = 1
    path = FILENAME
    sub(/.*web\/texts\//, "", path)
    printf "    {\n        \"%s\",\n", path
}
{
    gsub(/\\/, "&&")
    gsub(/"/, "\\\"")
    gsub(/\?/, "\\?")
    printf "        \"%s\\n\"\n", $0
}
END {
    close_row()
    print "    { NULL, NULL },"
    print "};"
}
