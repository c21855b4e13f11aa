# Migrations as C: each file becomes one row of the table in migrate.h. The
# number is what the file's name begins with.
function close_row() {
    if (open)
        printf "    },\n"
}
BEGIN {
    print "/* Made from daemon/store/migrations by embed.awk. */"
    print "#include \"daemon/store/migrate.h\"\n"
    print "const struct migration migrations[] = {"
}
FNR == 1 {
    close_row()
    open = 1
    count++
    name = FILENAME
    sub(/.*\//, "", name)
    sub(/\.sql$/, "", name)
    printf "    {\n        .number = %d,\n        .name = \"%s\",\n", \
        name + 0, name
    print "        .sql ="
}
{
    gsub(/\\/, "&&")
    gsub(/"/, "\\\"")
    printf "        \"%s\\n\"\n", $0
}
END {
    close_row()
    print "};"
    printf "const size_t migration_count = %d;\n", count
}
