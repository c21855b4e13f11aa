/* The configuration, printed: the values in force, and the sample. */
#include <string.h>

#include "daemon/config.h"
#include "daemon/config_table.h"

void config_print_traced(const struct settings *settings,
                         const struct config_origins *origins,
                         struct str *out)
{
    for (const struct config_option *o = config_table; o->key; o++) {
        if (config_section_begins(o))
            str_addf(out, "%s[%.*s]\n", o > config_table ? "\n" : "",
                     (int)config_section_length(o), o->key);
        str_addf(out, "%s = ", config_name_in_section(o));
        config_value_print(o, settings, out);
        if (origins) {
            const struct config_place *at = &origins->at[o - config_table];
            if (at->line)
                str_addf(out, "  # %s:%u", at->name, at->line);
            else
                str_add(out, "  # default");
        }
        str_add_char(out, '\n');
    }
}

void config_print(const struct settings *settings, struct str *out)
{
    config_print_traced(settings, NULL, out);
}

/* Words in lines of a comment, none longer than a screen. */
static void print_comment(const char *text, struct str *out)
{
    size_t column = 1;

    str_add_char(out, '#');
    while (*text) {
        size_t word = strcspn(text, " ");
        if (column + 1 + word > 76) {
            str_add(out, "\n#");
            column = 1;
        }
        str_add_char(out, ' ');
        str_add_bytes(out, text, word);
        column += 1 + word;
        text += word;
        text += strspn(text, " ");
    }
    str_add_char(out, '\n');
}

void config_print_sample(struct str *out)
{
    str_add(out, "# convened's configuration. Every key stands here at its "
                 "default; take the\n# '#' away from those that you change. "
                 "`convened config check` finds mistakes.\n\n");
    print_comment(config_include_text, out);
    str_add(out, "#" CONFIG_INCLUDE " =\n");
    for (const struct config_option *o = config_table; o->key; o++) {
        if (config_section_begins(o)) {
            size_t length = config_section_length(o);
            str_addf(out, "\n[%.*s]\n", (int)length, o->key);
            print_comment(config_section_text(o->key, length), out);
        }
        str_add_char(out, '\n');
        print_comment(o->text, out);
        str_addf(out, "#%s =%s%s\n", config_name_in_section(o),
                 *o->preset ? " " : "", o->preset);
    }
}
