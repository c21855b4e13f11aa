/* The configuration file: its lines, its faults, and printing it. */
#include "daemon/config.h"

#include <assert.h>
#include <limits.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/files.h"
#include "daemon/base/text.h"
#include "daemon/config_table.h"

#define FILE_MOST ((size_t)1 << 20)
#define KEY_MOST 64

/* A file while it is read. */
struct reading {
    struct arena *arena;
    const char *name, *folder;
    struct settings *settings;
    struct config_origins *origins;
    struct str *faults;
    bool failed, included;
    const char *section; /* NULL: none yet, or one that does not exist */
    bool section_unknown;
    unsigned line;
};

/* Where something stands in its line: bytes of it, and column. */
struct piece {
    const char *at;
    size_t length;
    unsigned column;
};

static void fault(struct reading *reading, unsigned column,
                  const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void fault(struct reading *reading, unsigned column,
                  const char *format, ...)
{
    va_list values;

    va_start(values, format);
    str_addf(reading->faults, "%s:%u:%u: ", reading->name, reading->line,
             column);
    str_vaddf(reading->faults, format, values);
    str_add_char(reading->faults, '\n');
    va_end(values);
    reading->failed = true;
}

/* --- the nearest key --------------------------------------------------- */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Levenshtein's distance; long words are simply far away. */
static size_t distance(const char *a, const char *b)
{
    size_t row[KEY_MOST + 1];
    size_t a_length = strlen(a), b_length = strlen(b);

    if (a_length > KEY_MOST || b_length > KEY_MOST)
        return KEY_MOST;
    for (size_t j = 0; j <= b_length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t above = row[j];
            size_t changed = corner + (a[i - 1] != b[j - 1]);
            row[j] = least(changed, least(above, row[j - 1]) + 1);
            corner = above;
        }
    }
    return row[b_length];
}

static bool in_section(const struct config_option *option,
                       const char *section)
{
    size_t length = config_section_length(option);

    return strlen(section) == length && !memcmp(option->key, section, length);
}

/* The row whose key is nearest; of two as near, that of the same section.
 * NULL if all are too far to be meant. */
static const struct config_option *nearest_option(const char *section,
                                                  const char *name)
{
    const struct config_option *best = NULL;
    size_t best_far = 2 * (strlen(name) / 3 + 2);

    for (const struct config_option *o = config_table; o->key; o++) {
        size_t far = 2 * distance(name, config_name_in_section(o)) +
                     !in_section(o, section);
        if (far < best_far) {
            best = o;
            best_far = far;
        }
    }
    return best;
}

static const struct config_option *find_option(const char *section,
                                               const char *name)
{
    for (const struct config_option *o = config_table; o->key; o++)
        if (in_section(o, section) && !strcmp(config_name_in_section(o), name))
            return o;
    return NULL;
}

/* --- lines ------------------------------------------------------------- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Cuts blanks off both ends and keeps count of the column. */
static struct piece trim(struct piece piece)
{
    while (piece.length && is_blank(*piece.at)) {
        piece.at++;
        piece.length--;
        piece.column++;
    }
    while (piece.length && is_blank(piece.at[piece.length - 1]))
        piece.length--;
    return piece;
}

/* The part after `bytes` of it. */
static struct piece after(struct piece piece, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        if (((unsigned char)piece.at[i] & 0xc0) != 0x80)
            piece.column++;
    piece.at += bytes;
    piece.length -= bytes;
    return piece;
}

/* A comment begins the line or follows a blank, so that an address may hold
 * a '#'. */
static struct piece without_comment(struct piece line)
{
    for (size_t i = 0; i < line.length; i++)
        if (line.at[i] == '#' && (i == 0 || is_blank(line.at[i - 1])))
            line.length = i;
    return trim(line);
}

static void read_section(struct reading *reading, struct piece line)
{
    const char *close = memchr(line.at, ']', line.length);

    reading->section = NULL;
    reading->section_unknown = true;
    if (!close || close + 1 != line.at + line.length) {
        fault(reading, line.column, "a section is written [name] on a line "
              "of its own");
        return;
    }
    char *name = text_clean_line(reading->arena,
                                 arena_strndup(reading->arena, line.at + 1,
                                               line.length - 2));
    const struct config_option *nearest = NULL;
    size_t nearest_distance = 3;
    for (const struct config_option *o = config_table; o->key; o++) {
        char *known = arena_strndup(reading->arena, o->key,
                                    config_section_length(o));
        size_t far = distance(name, known);
        if (far < nearest_distance) {
            nearest = o;
            nearest_distance = far;
        }
    }
    if (nearest && nearest_distance == 0) {
        reading->section = name;
        reading->section_unknown = false;
    } else if (nearest) {
        fault(reading, line.column, "there is no section [%s]; is [%.*s] "
              "meant?", name, (int)config_section_length(nearest),
              nearest->key);
    } else {
        fault(reading, line.column, "there is no section [%s]", name);
    }
}

static void unknown_key(struct reading *reading, struct piece key,
                        const char *name)
{
    const struct config_option *near = nearest_option(reading->section,
                                                      name);

    if (!near)
        fault(reading, key.column, "there is no key \"%s\" in [%s]", name,
              reading->section);
    else if (in_section(near, reading->section))
        fault(reading, key.column, "there is no key \"%s\" in [%s]; is "
              "\"%s\" meant?", name, reading->section,
              config_name_in_section(near));
    else
        fault(reading, key.column, "there is no key \"%s\" in [%s]; is "
              "\"%s\" in [%.*s] meant?", name, reading->section,
              config_name_in_section(near),
              (int)config_section_length(near), near->key);
}

static void stands_already(struct reading *reading, unsigned column,
                           const char *name, const struct config_place *at)
{
    if (at->name == reading->name)
        fault(reading, column, "\"%s\" stands in line %u already", name,
              at->line);
    else
        fault(reading, column, "\"%s\" stands in %s:%u already", name,
              at->name, at->line);
}

static void set_option(struct reading *reading,
                       const struct config_option *option,
                       struct piece key, struct piece value)
{
    size_t row = (size_t)(option - config_table);
    struct str why;

    struct config_place *place = &reading->origins->at[row];
    if (place->line) {
        stands_already(reading, key.column, config_name_in_section(option),
                       place);
        return;
    }
    *place = (struct config_place){ reading->name, reading->line,
                                    value.column };
    str_init(&why, reading->arena, 1024);
    if (!config_value_read(reading->arena, option, reading->folder,
                           arena_strndup(reading->arena, value.at,
                                         value.length),
                           reading->settings, &why))
        fault(reading, value.column, "%s %s", config_name_in_section(option),
              why.data);
}

static void include(struct reading *, struct piece key, struct piece value);

static void read_pair(struct reading *reading, struct piece line)
{
    const char *equals = memchr(line.at, '=', line.length);

    if (!equals) {
        fault(reading, line.column, "neither [section] nor key = value");
        return;
    }
    size_t at = (size_t)(equals - line.at);
    struct piece key = trim((struct piece){ line.at, at, line.column });
    struct piece value = trim(after(line, at + 1));
    if (reading->section_unknown)
        return;
    char *name = arena_strndup(reading->arena, key.at, key.length);
    if (!reading->section && !strcmp(name, CONFIG_INCLUDE)) {
        include(reading, key, value);
        return;
    }
    if (!reading->section) {
        fault(reading, line.column, "a key before the first [section]");
        return;
    }
    const struct config_option *option = find_option(reading->section, name);
    if (option)
        set_option(reading, option, key, value);
    else
        unknown_key(reading, key, name);
}

/* False: what stands there is no text. */
static bool check_characters(struct reading *reading, struct piece line)
{
    size_t good = line.length;

    while (!text_is_utf8(line.at, good))
        good--;
    if (good < line.length) {
        fault(reading, after(line, good).column, "not valid UTF-8");
        return false;
    }
    for (size_t i = 0; i < line.length; i++) {
        unsigned char c = (unsigned char)line.at[i];
        if ((c < ' ' && c != '\t') || c == 127) {
            fault(reading, after(line, i).column,
                  "a control character (byte %u)", c);
            return false;
        }
    }
    return true;
}

static void read_line(struct reading *reading, const char *text,
                      size_t length)
{
    reading->line++;
    if (length && text[length - 1] == '\r')
        length--;
    struct piece line = { text, length, 1 };
    if (length > 8192) {
        fault(reading, 1, "longer than 8192 bytes");
        return;
    }
    if (!check_characters(reading, line))
        return;
    line = without_comment(line);
    if (!line.length)
        return;
    if (*line.at == '[')
        read_section(reading, line);
    else
        read_pair(reading, line);
}

static void read_text(struct reading *reading, const char *text,
                      size_t length)
{
    const char *at = text, *end = text + length;

    if (length >= 3 && !memcmp(at, "\xef\xbb\xbf", 3))
        at += 3;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        if (!stop)
            stop = end;
        read_line(reading, at, (size_t)(stop - at));
        at = stop + 1;
    }
}

/* Absolute, with its final slash: a child in another folder reads the same
 * paths. */
static const char *folder_of(struct arena *arena, const char *name)
{
    char here[PATH_MAX];
    const char *slash = strrchr(name, '/');
    int length = slash ? (int)(slash - name) + 1 : 0;

    if (*name == '/' || !getcwd(here, sizeof here))
        return arena_strndup(arena, name, (size_t)length);
    return arena_printf(arena, "%s/%.*s", here, length, name);
}

/* --- further files ----------------------------------------------------- */

/* What the file says is as if it stood here, but its faults and its paths
 * are its own. */
static void include_file(struct reading *reading, struct piece value,
                         const char *path)
{
    struct err err = { "there is no such file" };
    char *text;
    size_t length;

    if (file_read(reading->arena, path, FILE_MOST, &text, &length, &err)) {
        fault(reading, value.column, CONFIG_INCLUDE ": %s", err.text);
        return;
    }
    struct reading inner = *reading;
    inner.included = true;
    inner.name = path;
    inner.folder = folder_of(reading->arena, path);
    inner.line = 0;
    read_text(&inner, text, length);
    reading->failed = inner.failed;
}

static void include(struct reading *reading, struct piece key,
                    struct piece value)
{
    struct err err = { "there is no such folder" };
    char **names;
    size_t count;

    if (reading->included) {
        fault(reading, key.column, CONFIG_INCLUDE " stands in the main file "
              "only");
        return;
    }
    if (!value.length)
        return;
    char *folder = arena_strndup(reading->arena, value.at, value.length);
    if (*folder != '/')
        folder = arena_printf(reading->arena, "%s%s", reading->folder,
                              folder);
    if (folder_list(reading->arena, folder, ".conf", &names, &count, &err)) {
        fault(reading, value.column, CONFIG_INCLUDE ": %s: %s", folder,
              err.text);
        return;
    }
    for (size_t i = 0; i < count; i++)
        include_file(reading, value,
                     arena_printf(reading->arena, "%s/%s", folder,
                                  names[i]));
}

/* --- whole files ------------------------------------------------------- */

/* A fault of several values together is shown where the one stands that can
 * be mended. */
static void fault_at_key(void *context, const char *key, const char *words)
{
    struct reading *reading = context;
    const struct config_option *option = config_table;

    while (strcmp(option->key, key))
        option++;
    size_t row = (size_t)(option - config_table);
    const struct config_place *place = &reading->origins->at[row];
    if (place->line) {
        reading->name = place->name;
        reading->line = place->line;
        fault(reading, place->column, "%s %s",
              config_name_in_section(option), words);
    } else {
        str_addf(reading->faults, "%s: %s %s\n", reading->name, key, words);
        reading->failed = true;
    }
}

static void set_defaults(struct reading *reading)
{
    struct str why;

    str_init(&why, reading->arena, 1024);
    *reading->settings = (struct settings){ 0 };
    for (const struct config_option *o = config_table; o->key; o++) {
        bool fine = config_value_read(reading->arena, o, reading->folder,
                                      o->preset, reading->settings, &why);
        assert(fine);
    }
}

enum rc config_parse_traced(struct arena *arena, const char *name,
                            const char *text, size_t length,
                            struct settings *settings,
                            struct config_origins *origins,
                            struct str *faults)
{
    struct config_origins unasked;
    struct reading reading = {
        .arena = arena, .name = name, .folder = folder_of(arena, name),
        .settings = settings, .origins = origins ? origins : &unasked,
        .faults = faults,
    };

    *reading.origins = (struct config_origins){ 0 };
    set_defaults(&reading);
    read_text(&reading, text, length);
    config_derive(arena, settings, fault_at_key, &reading);
    return reading.failed ? RC_FAIL : RC_OK;
}

enum rc config_parse(struct arena *arena, const char *name, const char *text,
                     size_t length, struct settings *settings,
                     struct str *faults)
{
    return config_parse_traced(arena, name, text, length, settings, NULL,
                               faults);
}

enum rc config_read_traced(struct arena *arena, const char *path,
                           struct settings *settings,
                           struct config_origins *origins,
                           struct str *faults)
{
    struct err err;
    char *text;
    size_t length;

    if (!path)
        return config_parse_traced(arena, "defaults", "", 0, settings,
                                   origins, faults);
    switch (file_read(arena, path, FILE_MOST, &text, &length, &err)) {
    case RC_OK:
        return config_parse_traced(arena, path, text, length, settings,
                                   origins, faults);
    case RC_NOT_FOUND:
        str_addf(faults, "%s: there is no such file\n", path);
        return RC_FAIL;
    case RC_FAIL:
        break;
    }
    str_addf(faults, "%s\n", err.text);
    return RC_FAIL;
}

enum rc config_read(struct arena *arena, const char *path,
                    struct settings *settings, struct str *faults)
{
    return config_read_traced(arena, path, settings, NULL, faults);
}
