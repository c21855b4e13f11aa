/* Completion of words: what may come next, for three shells. */
#include <string.h>

#include "daemon/reference/reference.h"

#define MADE "# Written by `make docs` from the table of commands.\n"

/* Between single quotes, where only the quote itself is special. */
static void add_quoted(const char *text, struct str *out)
{
    str_add_char(out, '\'');
    for (; *text; text++)
        if (*text == '\'')
            str_add(out, "'\\''");
        else
            str_add_char(out, *text);
    str_add_char(out, '\'');
}

static bool names_a_file(const char *value)
{
    return strstr(value, "FILE") || strstr(value, "DIR");
}

static const char *space(const struct command *command)
{
    return *command->verb ? " " : "";
}

/* --- bash -------------------------------------------------------------- */

static void bash_words(const struct command *command, struct str *out)
{
    str_addf(out, "\t'%s%s%s') words='", command->noun, space(command),
             command->verb);
    for (const struct command_option *o = command->options; o->name; o++)
        str_addf(out, "--%s ", o->name);
    str_add(out, "--help' ;;\n");
}

/* Options whose next word is a file, or one that nobody can guess. */
static void bash_values(bool files, struct str *out)
{
    const struct command *command;
    const char *separator = "\t";

    for (size_t i = 0; (command = command_at(i)); i++)
        for (const struct command_option *o = command->options; o->name; o++)
            if (o->value && names_a_file(o->value) == files) {
                str_addf(out, "%s'%s%s%s --%s'", separator, command->noun,
                         space(command), command->verb, o->name);
                separator = " | \\\n\t";
            }
    if (*separator == '\t')
        str_add(out, "\t''"); /* nothing looks like that */
    str_add(out, ")\n");
}

static void bash_verbs(struct str *out)
{
    const struct command *command;

    for (size_t i = 0; (command = command_at(i)); i++) {
        if (!*command->verb)
            continue;
        if (command_begins_noun(i))
            str_addf(out, "\t'%s') words='", command->noun);
        str_addf(out, "%s ", command->verb);
        const struct command *next = command_at(i + 1);
        if (!next || command_begins_noun(i + 1))
            str_add(out, "--help' ;;\n");
    }
}

void reference_bash(struct str *out)
{
    const struct command *command;

    str_add(out, "# Completion of convened's words for bash.\n" MADE
            "_convened()\n{\n"
            "\tlocal current=${COMP_WORDS[COMP_CWORD]} command= words= i\n"
            "\tlocal previous=${COMP_WORDS[COMP_CWORD - 1]}\n"
            "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
            "\t\tcase ${COMP_WORDS[i]} in\n"
            "\t\t--config) ((i++)) ;;\n"
            "\t\t-*) [ -z \"$command\" ] || break ;;\n"
            "\t\t*) command=\"${command:+$command }${COMP_WORDS[i]}\" ;;\n"
            "\t\tesac\n"
            "\tdone\n"
            "\t# Arguments follow the noun and its verb.\n"
            "\tcase $command in\n"
            "\t*' '*' '*) command=${command%\"${command#* * }\"}\n"
            "\t\tcommand=${command% } ;;\n"
            "\tesac\n");
    str_add(out, "\tCOMPREPLY=()\n"
            "\tcase \"$command $previous\" in\n"
            "\t*' --config' | \\\n");
    bash_values(true, out);
    str_add(out, "\t\tcompopt -o filenames\n"
            "\t\tCOMPREPLY=($(compgen -f -- \"$current\"))\n"
            "\t\treturn ;;\n");
    bash_values(false, out);
    str_add(out, "\t\treturn ;;\n\tesac\n"
            "\tcase $command in\n"
            "\t'') words='--config --help --version");
    for (size_t i = 0; (command = command_at(i)); i++)
        if (command_begins_noun(i))
            str_addf(out, " %s", command->noun);
    str_add(out, "' ;;\n");
    bash_verbs(out);
    for (size_t i = 0; (command = command_at(i)); i++)
        bash_words(command, out);
    str_add(out, "\tesac\n"
            "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
            "}\n"
            "complete -F _convened convened\n");
}

/* --- zsh --------------------------------------------------------------- */

/* Inside the brackets of _arguments. */
static void zsh_bracketed(const char *text, struct str *out)
{
    struct str escaped;

    str_init(&escaped, NULL, 1000);
    for (; *text; text++) {
        if (strchr("[]\\", *text))
            str_add_char(&escaped, '\\');
        str_add_char(&escaped, *text);
    }
    str_add(out, escaped.data);
    str_free(&escaped);
}

static void zsh_option(const struct command_option *option, struct str *out)
{
    struct str spec;

    str_init(&spec, NULL, 2000);
    str_addf(&spec, "--%s[", option->name);
    zsh_bracketed(option->help, &spec);
    str_add_char(&spec, ']');
    if (option->value) {
        str_add_char(&spec, ':');
        for (const char *c = option->value; *c; c++)
            str_addf(&spec, *c == ':' ? "\\%c" : "%c", *c);
        str_addf(&spec, ":%s", names_a_file(option->value) ? "_files" : "");
    }
    str_add(out, " \\\n\t\t");
    add_quoted(spec.data, out);
    str_free(&spec);
}

static void zsh_command(const struct command *command, struct str *out)
{
    str_addf(out, "\t'%s%s%s') _arguments", command->noun, space(command),
             command->verb);
    for (const struct command_option *o = command->options; o->name; o++)
        zsh_option(o, out);
    str_add(out, " \\\n\t\t'--help[what it takes]' '*: :' ;;\n");
}

static void zsh_verbs(struct str *out)
{
    const struct command *command;

    for (size_t i = 0; (command = command_at(i)); i++) {
        if (!*command->verb)
            continue;
        if (command_begins_noun(i))
            str_addf(out, "\t%s) verbs=(", command->noun);
        struct str item;
        str_init(&item, NULL, 1000);
        str_addf(&item, "%s:%s", command->verb, command->help);
        str_add_char(out, '\n');
        str_add(out, "\t\t");
        add_quoted(item.data, out);
        str_free(&item);
        const struct command *next = command_at(i + 1);
        if (!next || command_begins_noun(i + 1))
            str_add(out, ") ;;\n");
    }
}

void reference_zsh(struct str *out)
{
    const struct command *command;

    str_add(out, "#compdef convened\n"
            "# Completion of convened's words for zsh.\n" MADE
            "local -a nouns verbs\n"
            "local context state line\n"
            "_arguments -C '--config[the configuration file]:FILE:_files' "
            "\\\n"
            "\t'--version[of the program and its libraries]' \\\n"
            "\t'--help[all commands]' '1: :->noun' '*:: :->rest'\n"
            "if [[ $state = noun ]]; then\n"
            "\tnouns=(");
    for (size_t i = 0; (command = command_at(i)); i++)
        if (command_begins_noun(i))
            str_addf(out, "%s%s", i ? " " : "", command->noun);
    str_add(out, ")\n\t_describe command nouns\n\treturn\nfi\n"
            "case $words[1] in\n");
    zsh_verbs(out);
    str_add(out, "esac\n"
            "if (( $#verbs && CURRENT == 2 )); then\n"
            "\t_describe 'what to do' verbs\n\treturn\nfi\n"
            "local what=$words[1]\n"
            "if (( $#verbs )); then\n"
            "\twhat=\"$what $words[2]\"\n"
            "\tshift words\n"
            "\t(( CURRENT-- ))\n"
            "fi\n"
            "case $what in\n");
    for (size_t i = 0; (command = command_at(i)); i++)
        zsh_command(command, out);
    str_add(out, "esac\n");
}

/* --- fish -------------------------------------------------------------- */

static void fish_line(const char *test, const char *words, const char *help,
                      struct str *out)
{
    str_addf(out, "complete -c convened -n '%s' %s -d ", test, words);
    for (const char *c = help; *c; c++) {
        if (c == help)
            str_add_char(out, '\'');
        if (strchr("'\\", *c))
            str_add_char(out, '\\');
        str_add_char(out, *c);
    }
    str_add(out, *help ? "'\n" : "''\n");
}

static void fish_options(const struct command *command, struct str *out)
{
    struct str test, words;

    str_init(&test, NULL, 200);
    str_init(&words, NULL, 200);
    str_addf(&test, "__convened_is %s%s%s", command->noun, space(command),
             command->verb);
    for (const struct command_option *o = command->options; o->name; o++) {
        str_clear(&words);
        str_addf(&words, "-l %s%s", o->name,
                 !o->value                ? " -f"
                 : names_a_file(o->value) ? " -r -F"
                                          : " -x");
        fish_line(test.data, words.data, o->help, out);
    }
    str_free(&words);
    str_free(&test);
}

void reference_fish(struct str *out)
{
    const struct command *command;

    str_add(out, "# Completion of convened's words for fish.\n" MADE
            "function __convened_is\n"
            "    set -l said (commandline -opc)\n"
            "    set -e said[1]\n"
            "    if test (count $said) -gt 1; and test $said[1] = --config\n"
            "        set -e said[1..2]\n"
            "    end\n"
            "    test (count $said) -ge (count $argv); or return 1\n"
            "    for i in (seq (count $argv))\n"
            "        test $said[$i] = $argv[$i]; or return 1\n"
            "    end\n"
            "    test (count $argv) -gt 0; or test (count $said) -eq 0\n"
            "end\n"
            "function __convened_wants\n"
            "    __convened_is $argv; or return 1\n"
            "    set -l said (commandline -opc)\n"
            "    test $said[-1] = $argv[-1]\n"
            "end\n"
            "complete -c convened -n __convened_is -l config -r -F "
            "-d 'the configuration file'\n"
            "complete -c convened -f -n __convened_is -l version\n"
            "complete -c convened -f -n __convened_is -l help\n");
    for (size_t i = 0; (command = command_at(i)); i++) {
        struct str words;
        str_init(&words, NULL, 200);
        if (command_begins_noun(i)) {
            str_addf(&words, "-f -a %s", command->noun);
            fish_line("__convened_is", words.data,
                      *command->verb ? "" : command->help, out);
            str_clear(&words);
        }
        if (*command->verb) {
            struct str test;
            str_init(&test, NULL, 200);
            str_addf(&test, "__convened_wants %s", command->noun);
            str_addf(&words, "-f -a %s", command->verb);
            fish_line(test.data, words.data, command->help, out);
            str_free(&test);
        }
        str_free(&words);
        fish_options(command, out);
    }
}
