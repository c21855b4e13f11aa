/* Every key of the configuration, for people. */
#include <string.h>

#include "daemon/config_table.h"
#include "daemon/reference/reference.h"

/* What may stand behind the equals sign. */
static const char *const type_words[] = {
    [CONF_TEXT] = "text",
    [CONF_NAME] = "name",
    [CONF_PATH] = "path",
    [CONF_ORIGIN] = "scheme://host[:port]",
    [CONF_TEMPLATE] = "https address",
    [CONF_HOSTS] = "host[:port] ...",
    [CONF_LISTEN] = "address:port | unix:/path ...",
    [CONF_RANGES] = "address[/bits] ...",
    [CONF_BOOL] = "yes | no",
    [CONF_INT] = "number",
    [CONF_SIZE] = "size",
    [CONF_DURATION] = "duration",
    [CONF_RATE] = "number / duration",
    [CONF_ADDRESS] = "e-mail address",
    [CONF_DATE] = "YYYY-MM-DD",
};

static void add_value(const struct config_option *option, struct str *out)
{
    const char *separator = "";

    if (option->type != CONF_WORD) {
        str_add(out, type_words[option->type]);
        return;
    }
    for (const struct config_word *w = option->words; w->word; w++) {
        str_addf(out, "%s%s", separator, w->word);
        separator = " | ";
    }
}

/* "from 1 s to 1 h", or nothing. */
static void add_bounds(const struct config_option *option, struct str *out)
{
    if (option->min && option->max)
        str_addf(out, "from %s to %s", option->min, option->max);
    else if (option->min)
        str_addf(out, "at least %s", option->min);
    else if (option->max)
        str_addf(out, "at most %s", option->max);
}

/* --- docs/config.md ---------------------------------------------------- */

/* A bar would end the cell, a star would begin to shout. */
static void add_cell(const char *text, struct str *out)
{
    for (; *text; text++) {
        if (strchr("|*<_", *text))
            str_add_char(out, '\\');
        str_add_char(out, *text);
    }
}

static void add_row(const struct config_option *option, struct str *out)
{
    struct str value;

    str_init(&value, NULL, 500);
    add_value(option, &value);
    str_addf(out, "| `%s` | ", config_name_in_section(option));
    add_cell(value.data, out);
    str_clear(&value);
    add_bounds(option, &value);
    if (value.length)
        str_addf(out, ", %s", value.data);
    str_addf(out, *option->preset ? " | `%s` | " : " | %s | ",
             option->preset);
    add_cell(option->text, out);
    str_add(out, " |\n");
    str_free(&value);
}

void reference_config_markdown(struct str *out)
{
    str_add(out,
            "# The configuration file\n\n"
            "`/etc/convened/convened.conf`, or what `--config FILE` names. "
            "This page is written from the program's own table by "
            "`make docs`; `convened config sample` prints the same as a "
            "file, `man convened.conf` explains the form. `convened config "
            "check` says all that is wrong at once, `convened config show "
            "--origin` what is in force and why.\n\n"
            "Sizes have a unit (`B`, `KiB`, `MiB`, `GiB`), durations too "
            "(`s`, `min`, `h`, `d`). Paths are relative to the file's "
            "folder. Secrets are never here, only the names of their "
            "files.\n\n"
            "`" CONFIG_INCLUDE " = conf.d` – ");
    add_cell(config_include_text, out);
    str_add(out, "\n");
    for (const struct config_option *o = config_table; o->key; o++) {
        size_t length = config_section_length(o);
        if (config_section_begins(o))
            str_addf(out, "\n## [%.*s]\n\n%s\n\n"
                     "| Key | Value | Default | Meaning |\n"
                     "|---|---|---|---|\n", (int)length, o->key,
                     config_section_text(o->key, length));
        add_row(o, out);
    }
}

/* --- convened.conf(5) -------------------------------------------------- */

static void add_item(const struct config_option *option, struct str *out)
{
    struct str value;

    str_init(&value, NULL, 500);
    add_value(option, &value);
    str_addf(out, ".It Ic %s Li = Ar ", config_name_in_section(option));
    reference_mdoc_word(value.data, out);
    str_add_char(out, '\n');
    reference_mdoc_text(option->text, out);
    str_clear(&value);
    add_bounds(option, &value);
    if (value.length)
        str_addf(out, "It is %s.\n", value.data);
    if (*option->preset) {
        str_add(out, "Default:\n.Ql ");
        reference_mdoc_word(option->preset, out);
        str_add(out, " .\n");
    }
    str_free(&value);
}

void reference_config_manual(struct str *out)
{
    for (const struct config_option *o = config_table; o->key; o++) {
        size_t length = config_section_length(o);
        if (config_section_begins(o)) {
            if (o > config_table)
                str_add(out, ".El\n");
            str_addf(out, ".Ss Section %.*s\n", (int)length, o->key);
            reference_mdoc_text(config_section_text(o->key, length), out);
            str_add(out, ".Bl -tag -width Ds\n");
        }
        add_item(o, out);
    }
    str_add(out, ".El\n");
}
