#include "daemon/commands/table.h"

#include <assert.h>
#include <stdarg.h>

#include "calendars/zone.h"
#include "daemon/base/arena.h"
#include "daemon/base/text.h"
#include "daemon/config_table.h"
#include "web/view/format.h"

#define COLUMNS_MOST 24

json_t *table_text(const char *text)
{
    return text && *text ? json_string(text) : json_null();
}

json_t *table_time(const struct call *call, const char *zone, int64_t at)
{
    const struct zone *known = zone_find(zone);

    if (!at)
        return json_null();
    if (call_flag(call, "json") || !known)
        return json_string(format_utc(call->arena, at));
    struct civil c = zone_local(known, at).civil;
    return json_string(arena_printf(call->arena, "%04d-%02d-%02d %02d:%02d",
                                    c.year, c.month, c.day, c.hour,
                                    c.minute));
}

json_t *table_duration(const struct call *call, int64_t seconds)
{
    struct str text;

    if (call_flag(call, "json"))
        return json_integer(seconds);
    str_init(&text, call->arena, 64);
    config_print_duration(seconds, &text);
    return json_string(text.data);
}

/* A value for a terminal: nothing in it moves the cursor. */
static const char *cell_text(struct arena *arena, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_STRING: {
        char *text = text_clean_line(arena, json_string_value(value));
        for (char *c = text; *c; c++)
            if ((unsigned char)*c < ' ' || *c == 127)
                *c = '?';
        return text;
    }
    case JSON_INTEGER:
        return arena_printf(arena, "%lld",
                            (long long)json_integer_value(value));
    case JSON_REAL:
        return arena_printf(arena, "%.6f", json_real_value(value));
    case JSON_TRUE:
        return "yes";
    case JSON_FALSE:
        return "no";
    default:
        return "";
    }
}

static void pad(struct str *out, const char *text, size_t width, bool right)
{
    size_t characters = text_characters(text);
    size_t blanks = characters < width ? width - characters : 0;

    if (!right)
        str_add(out, text);
    for (size_t i = 0; i < blanks; i++)
        str_add_char(out, ' ');
    if (right)
        str_add(out, text);
}

static char *heading(struct arena *arena, const char *key)
{
    char *text = arena_strdup(arena, key);

    for (char *c = text; *c; c++) {
        if (*c == '_')
            *c = ' ';
        else if (*c >= 'a' && *c <= 'z')
            *c = (char)(*c - 'a' + 'A');
    }
    return text;
}

/* Lines never end in blanks, so that they can be compared. */
static void end_line(struct str *out)
{
    while (out->length && out->data[out->length - 1] == ' ')
        out->data[--out->length] = '\0';
    str_add_char(out, '\n');
}

static size_t longer(size_t a, size_t b)
{
    return a > b ? a : b;
}

struct column {
    size_t width;
    bool number; /* to the right */
};

static void measure(struct call *call, json_t *rows, struct column *columns)
{
    const char *key;
    json_t *row, *value;
    size_t i, n;

    json_array_foreach(rows, i, row) {
        n = 0;
        json_object_foreach(row, key, value) {
            struct column *column = &columns[n++];
            const char *text = cell_text(call->arena, value);
            column->width = longer(column->width, text_characters(key));
            column->width = longer(column->width, text_characters(text));
            column->number |= json_is_integer(value);
        }
    }
}

static void print_row(struct call *call, json_t *row, bool headings,
                      const struct column *column)
{
    const char *key;
    json_t *value;

    json_object_foreach(row, key, value) {
        pad(&call->out,
            headings ? heading(call->arena, key)
                     : cell_text(call->arena, value),
            column->width, column->number);
        str_add(&call->out, "  ");
        column++;
    }
    end_line(&call->out);
}

static void print_aligned(struct call *call, json_t *rows)
{
    struct column columns[COLUMNS_MOST] = { 0 };
    json_t *row, *first = json_array_get(rows, 0);
    size_t i;

    assert(json_object_size(first) <= COLUMNS_MOST);
    measure(call, rows, columns);
    print_row(call, first, true, columns);
    json_array_foreach(rows, i, row)
        print_row(call, row, false, columns);
}

void table_print(struct call *call, json_t *rows)
{
    if (call_flag(call, "json")) {
        json_add(&call->out, rows);
        str_add_char(&call->out, '\n');
        return;
    }
    if (json_array_size(rows))
        print_aligned(call, rows);
    else
        call_say(call, "(nothing)");
    json_decref(rows);
}

void table_print_record(struct call *call, json_t *record)
{
    size_t width = 0;
    const char *key;
    json_t *value;

    if (call_flag(call, "json")) {
        json_add(&call->out, record);
        str_add_char(&call->out, '\n');
        return;
    }
    json_object_foreach(record, key, value)
        width = longer(width, text_characters(key));
    json_object_foreach(record, key, value) {
        char *name = arena_strdup(call->arena, key);
        for (char *c = name; *c; c++)
            if (*c == '_')
                *c = ' ';
        pad(&call->out, name, width + 2, false);
        str_add(&call->out, cell_text(call->arena, value));
        end_line(&call->out);
    }
    json_decref(record);
}

void table_say(struct call *call, const char *format, ...)
{
    va_list values;

    if (call_flag(call, "json"))
        return;
    va_start(values, format);
    str_vaddf(&call->out, format, values);
    str_add_char(&call->out, '\n');
    va_end(values);
}
