/* The configuration for programs: the values in force by their keys, numbers
 * as numbers in bytes and seconds. */
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "daemon/config.h"
#include "daemon/config_table.h"
#include "web/view/json.h"

#define VALUE_MOST 65536

static json_t *words_json(char *rest)
{
    json_t *words = json_array();
    char *word;

    while ((word = strsep(&rest, " ")) != NULL)
        if (*word)
            json_array_append_new(words, json_string(word));
    return words;
}

/* Read back from the form in which it is printed. */
static json_t *value_json(enum config_type type, char *text)
{
    int64_t number;

    switch (type) {
    case CONF_BOOL:
        return json_boolean(!strcmp(text, "yes"));
    case CONF_INT:
        if (parse_int(text, INT64_MIN, INT64_MAX, &number))
            return json_integer(number);
        break;
    case CONF_SIZE:
        if (parse_size(text, &number))
            return json_integer(number);
        break;
    case CONF_DURATION:
        if (parse_duration(text, &number))
            return json_integer(number);
        break;
    case CONF_HOSTS:
    case CONF_LISTEN:
    case CONF_RANGES:
        return words_json(text);
    default:
        break;
    }
    return json_string(text);
}

static json_t *origin_json(struct arena *arena,
                           const struct config_place *place)
{
    return place->line ? json_string(arena_printf(arena, "%s:%u", place->name,
                                                  place->line))
                       : json_null();
}

void config_print_json(const struct settings *settings,
                       const struct config_origins *origins, struct str *out)
{
    struct arena *arena = arena_new();
    json_t *all = json_object();

    for (const struct config_option *o = config_table; o->key; o++) {
        struct str text;

        str_init(&text, arena, VALUE_MOST);
        config_value_print(o, settings, &text);
        json_t *value = value_json(o->type, text.data);
        if (origins)
            value = json_pack("{s:o, s:o}", "value", value, "origin",
                              origin_json(arena,
                                          &origins->at[o - config_table]));
        json_object_set_new(all, o->key, value);
    }
    json_add(out, all);
    str_add_char(out, '\n');
    arena_free(&arena);
}
