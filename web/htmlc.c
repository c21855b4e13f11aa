/* htmlc: templates to C, at build time. docs/templates.md is the language. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "web/htmlc.h"

struct options {
    const char *out;
    const char *header;
    const char *views;
    const char *mail_views;
    const char *strip; /* cut from the front of paths in faults and #line */
};

_Noreturn static void give_up(const char *path, const char *why)
{
    fprintf(stderr, "htmlc: %s: %s\n", path, why);
    exit(EXIT_FAILURE);
}

const struct source *sources_find(const struct sources *sources,
                                  struct slice name)
{
    for (size_t i = 0; i < sources->count; i++)
        if (slice_is(name, sources->items[i].name))
            return &sources->items[i];
    return NULL;
}

/* "mail/job-list.html" as part of a C name. */
static void name_symbol(const struct source *source, char symbol[128],
                        bool with_kind)
{
    size_t length = 0;

    for (const char *p = source->name; *p; p++) {
        bool word = (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9');
        if (*p == '.' && !with_kind)
            break;
        if (!word && !strchr("-_/.", *p))
            give_up(source->path, "a name holds a-z, 0-9, - and _");
        if (length == 127)
            give_up(source->path, "the name is too long");
        symbol[length++] = word ? *p : '_';
    }
    symbol[length] = '\0';
}

static void map_file(struct source *source, const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &st) != 0)
        give_up(path, strerror(errno));
    source->data = "";
    source->length = (size_t)st.st_size;
    if (source->length > 0) {
        void *data = mmap(NULL, source->length, PROT_READ, MAP_PRIVATE, fd, 0);
        if (data == MAP_FAILED)
            give_up(path, strerror(errno));
        source->data = data;
    }
    close(fd);
    if (memchr(source->data, '\0', source->length))
        give_up(path, "holds a NUL byte");
}

static bool holds_content(const struct source *source)
{
    const char *at = source->data, *end = at + source->length;

    while (at && (at = memmem(at, (size_t)(end - at), "{%", 2))) {
        at += 2;
        while (at < end && (*at == ' ' || *at == '\t' || *at == '\n'))
            at++;
        if ((size_t)(end - at) >= 7 && memcmp(at, "content", 7) == 0)
            return true;
    }
    return false;
}

static void add_source(struct sources *sources, const char *path,
                       const struct options *options)
{
    if (sources->count == SOURCES_MOST)
        give_up(path, "too many templates");
    struct source *source = &sources->items[sources->count++];
    size_t strip = strlen(options->strip);
    const char *name = NULL;

    for (const char *p = path; (p = strstr(p, "templates/")) != NULL; p++)
        name = p + strlen("templates/");
    const char *dot = name ? strrchr(name, '.') : NULL;
    if (!dot || (strcmp(dot, ".html") != 0 && strcmp(dot, ".txt") != 0))
        give_up(path, "expected …/templates/NAME.html or .txt");
    source->path = strncmp(path, options->strip, strip) == 0 ? path + strip
                                                             : path;
    source->name = name;
    source->is_text = strcmp(dot, ".txt") == 0;
    source->is_mail = strncmp(name, "mail/", 5) == 0;
    name_symbol(source, source->view, false);
    name_symbol(source, source->symbol, source->is_mail);
    map_file(source, path);
    source->is_layout = holds_content(source);
}

static FILE *open_new(const char *path, char temporary[4096])
{
    if (snprintf(temporary, 4096, "%s.new", path) >= 4096)
        give_up(path, "the path is too long");
    FILE *out = fopen(temporary, "w");
    if (!out)
        give_up(temporary, strerror(errno));
    fputs("/* Made by web/htmlc from the templates; not to be edited. */\n",
          out);
    return out;
}

static void close_new(FILE *out, const char *temporary, const char *path)
{
    bool failed = ferror(out) != 0;

    if (fclose(out) != 0 || failed || rename(temporary, path) != 0)
        give_up(path, strerror(errno));
}

static bool is_same(const char *a, const char *b)
{
    struct source x = { .path = a }, y = { .path = b };

    if (access(b, R_OK) != 0)
        return false;
    map_file(&x, a);
    map_file(&y, b);
    return slice_same((struct slice){ x.data, x.length },
                      (struct slice){ y.data, y.length });
}

static bool any(const struct sources *sources, bool mail)
{
    for (size_t i = 0; i < sources->count; i++)
        if (sources->items[i].is_mail == mail)
            return true;
    return false;
}

static void put_prototype(FILE *out, const struct source *source)
{
    fprintf(out, "\nstruct view_%s;\nvoid %s_%s(struct str *, enum lang,\n"
            "    const struct view_%s *%s);\n",
            source->view, source->is_layout ? "layout" : "template",
            source->symbol, source->view,
            source->is_layout ? ", content_writer *, const void *" : "");
}

static void write_header(const struct sources *sources,
                         const struct options *options)
{
    char temporary[4096];
    FILE *out = open_new(options->header, temporary);

    fputs("#ifndef CONVENED_TEMPLATES_H\n#define CONVENED_TEMPLATES_H\n\n"
          "#include \"daemon/base/str.h\"\n"
          "#include \"daemon/model/lang.h\"\n", out);
    if (any(sources, false))
        fprintf(out, "#include \"%s\"\n", options->views);
    if (any(sources, true))
        fprintf(out, "#include \"%s\"\n", options->mail_views);
    fputs("\n/* What a layout calls for the page inside it. */\n"
          "typedef void content_writer(struct str *, enum lang, "
          "const void *);\n", out);
    for (size_t i = 0; i < sources->count; i++)
        put_prototype(out, &sources->items[i]);
    fputs("\n#endif\n", out);
    /* Unchanged, it keeps its age, and what includes it its object file. */
    if (fflush(out) == 0 && is_same(temporary, options->header)) {
        fclose(out);
        unlink(temporary);
        return;
    }
    close_new(out, temporary, options->header);
}

static void write_code(const struct sources *sources,
                       const struct options *options)
{
    char temporary[4096];
    FILE *out = open_new(options->out, temporary);

    fprintf(out, "#include \"%s\"\n\n#include \"web/view/html.h\"\n"
            "#include \"web/view/i18n.h\"\n", options->header);
    for (size_t i = 0; i < sources->count; i++)
        compile_source(sources, &sources->items[i], out);
    close_new(out, temporary, options->out);
}

static int take_option(struct options *options, char **argv)
{
    const struct {
        const char *name;
        const char **value;
    } known[] = {
        { "--out", &options->out },
        { "--header", &options->header },
        { "--views", &options->views },
        { "--mail-views", &options->mail_views },
        { "--strip", &options->strip },
    };

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strcmp(argv[0], known[i].name) == 0 && argv[1]) {
            *known[i].value = argv[1];
            return 2;
        }
    return 0;
}

int main(int argc, char **argv)
{
    struct sources sources = { .count = 0 };
    struct options options = {
        .views = "web/view/views.h",
        .mail_views = "web/view/mail_views.h",
        .strip = "",
    };
    int taken, i = 1;

    while (i < argc && (taken = take_option(&options, argv + i)) > 0)
        i += taken;
    if (!options.out || !options.header) {
        fputs("usage: htmlc --out FILE.c --header FILE.h [--views FILE.h]\n"
              "             [--mail-views FILE.h] [--strip PREFIX] "
              "TEMPLATE…\n", stderr);
        return EXIT_FAILURE;
    }
    for (; i < argc; i++)
        add_source(&sources, argv[i], &options);
    write_code(&sources, &options);
    write_header(&sources, &options);
    return EXIT_SUCCESS;
}
