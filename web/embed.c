/* embed: files to C, at build time.
 *   embed static FILE…           the table of web/view/static.h
 *   embed catalogues de=FILE…    the table of web/view/catalogues.h
 * Writes to standard output; with "-o OUT" first, to that file. */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn static void give_up(const char *path, const char *why)
{
    fprintf(stderr, "embed: %s: %s\n", path, why);
    exit(EXIT_FAILURE);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

/* Writes the file's bytes as an array; returns FNV-1a of them. */
static uint64_t put_array(FILE *out, const char *path, int number)
{
    FILE *in = fopen(path, "rb");

    if (!in)
        give_up(path, strerror(errno));
    uint64_t hash = 0xcbf29ce484222325U;
    size_t length = 0;
    fprintf(out, "/* %s */\nstatic const unsigned char bytes_%d[] = {",
            base_name(path), number);
    for (int c = getc(in); c != EOF; c = getc(in)) {
        fprintf(out, "%s%d,", length++ % 20 ? "" : "\n    ", c);
        hash = (hash ^ (uint64_t)c) * 0x100000001b3U;
    }
    if (ferror(in))
        give_up(path, strerror(errno));
    if (length == 0)
        give_up(path, "is empty");
    fputs("\n};\n\n", out);
    fclose(in);
    return hash;
}

static const char *type_of(const char *path)
{
    static const struct {
        const char *ending;
        const char *type;
    } types[] = {
        { ".css", "text/css; charset=utf-8" },
        { ".js", "text/javascript; charset=utf-8" },
        { ".svg", "image/svg+xml" },
        { ".png", "image/png" },
        { ".ico", "image/x-icon" },
        { ".woff2", "font/woff2" },
        { ".txt", "text/plain; charset=utf-8" },
        { ".webmanifest", "application/manifest+json" },
    };

    const char *dot = strrchr(base_name(path), '.');
    for (size_t i = 0; dot && i < sizeof types / sizeof types[0]; i++)
        if (strcmp(dot, types[i].ending) == 0)
            return types[i].type;
    give_up(path, "no media type is known for this ending");
}

#define FILES_MOST 100

static void put_static(FILE *out, char **paths, int count)
{
    uint64_t hashes[FILES_MOST];

    if (count > FILES_MOST)
        give_up(paths[0], "too many files");
    fputs("#include \"web/view/static.h\"\n\n", out);
    for (int i = 0; i < count; i++)
        hashes[i] = put_array(out, paths[i], i);
    fputs("const struct static_file static_files[] = {\n", out);
    for (int i = 0; i < count; i++) {
        const char *name = base_name(paths[i]);
        const char *dot = strrchr(name, '.');
        const char *type = type_of(paths[i]);
        fprintf(out, "    { \"%s\",\n      \"/static/%.*s.%016" PRIx64
                "%s\",\n      \"%s\", bytes_%d, sizeof bytes_%d },\n",
                name, (int)(dot - name), name, hashes[i], dot, type, i, i);
    }
    fputs("    { 0 },\n};\n", out);
}

static void put_catalogues(FILE *out, char **args, int count)
{
    fputs("#include \"web/view/catalogues.h\"\n\n", out);
    for (int i = 0; i < count; i++) {
        const char *equals = strchr(args[i], '=');
        if (!equals || equals != args[i] + 2)
            give_up(args[i], "expected LANG=FILE.mo");
        put_array(out, equals + 1, i);
    }
    fputs("const struct catalogue catalogues[LANG_COUNT] = {\n", out);
    for (int i = 0; i < count; i++)
        fprintf(out, "    [LANG_%c%c] = { bytes_%d, sizeof bytes_%d },\n",
                args[i][0] - 'a' + 'A', args[i][1] - 'a' + 'A', i, i);
    fputs("};\n", out);
}

int main(int argc, char **argv)
{
    const char *path = NULL;

    if (argc > 2 && strcmp(argv[1], "-o") == 0) {
        path = argv[2];
        argv += 2;
        argc -= 2;
    }
    bool catalogues = argc > 1 && strcmp(argv[1], "catalogues") == 0;
    if (!catalogues && (argc < 2 || strcmp(argv[1], "static") != 0))
        give_up("usage", "embed [-o OUT] static|catalogues FILE…");
    FILE *out = path ? fopen(path, "w") : stdout;
    if (!out)
        give_up(path, strerror(errno));
    fputs("/* Made by web/embed; not to be edited. */\n", out);
    if (catalogues)
        put_catalogues(out, argv + 2, argc - 2);
    else
        put_static(out, argv + 2, argc - 2);
    bool failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed)
        give_up(path ? path : "output", strerror(errno));
    return EXIT_SUCCESS;
}
