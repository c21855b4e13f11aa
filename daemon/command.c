/* From words to a call, and its running. */
#include "daemon/command.h"

#include <assert.h>
#include <stdarg.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/text.h"

void call_begin(struct call *call, struct arena *arena,
                const struct settings *settings, const struct keyring *keys)
{
    *call = (struct call){
        .arena = arena, .settings = settings, .keys = keys,
    };
    str_init(&call->out, arena, COMMAND_OUT_BYTES);
    str_init(&call->err, arena, COMMAND_OUT_BYTES);
}

static size_t option_index(const struct command *command, const char *name,
                           size_t length)
{
    size_t i = 0;

    while (command->options[i].name &&
           (strlen(command->options[i].name) != length ||
            memcmp(command->options[i].name, name, length)))
        i++;
    return i;
}

const char *call_option(const struct call *call, const char *name)
{
    size_t i = option_index(call->command, name, strlen(name));

    assert(call->command->options[i].name);
    return call->values[i];
}

bool call_flag(const struct call *call, const char *name)
{
    return call_option(call, name) != NULL;
}

char **call_words(const struct call *call, int *count)
{
    const struct command *command = call->command;
    char **words = ARENA_ARRAY(call->arena, char *,
                               COMMAND_OPTIONS + COMMAND_ARGUMENTS + 4);
    int n = 0;

    words[n++] = arena_strdup(call->arena, command->noun);
    if (*command->verb)
        words[n++] = arena_strdup(call->arena, command->verb);
    for (size_t i = 0; command->options[i].name; i++)
        if (call->values[i])
            words[n++] = arena_printf(
                call->arena, command->options[i].value ? "--%s=%s" : "--%s%s",
                command->options[i].name, call->values[i]);
    words[n++] = arena_strdup(call->arena, "--");
    for (size_t i = 0; i < call->argument_count; i++)
        words[n++] = arena_strdup(call->arena, call->arguments[i]);
    *count = n;
    return words;
}

void call_say(struct call *call, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    str_vaddf(&call->err, format, values);
    str_add_char(&call->err, '\n');
    va_end(values);
}

void call_mistake(struct call *call, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    str_vaddf(&call->err, format, values);
    str_add_char(&call->err, '\n');
    va_end(values);
    call->mistakes++;
}

enum exit_code call_failed(struct call *call, const struct err *err)
{
    call_say(call, "%s", err->text);
    return EXIT_UNAVAILABLE;
}

const char *command_name(struct arena *arena, const struct command *command)
{
    return *command->verb
               ? arena_printf(arena, "%s %s", command->noun, command->verb)
               : command->noun;
}

/* --- help -------------------------------------------------------------- */

const struct command *command_at(size_t i)
{
    if (i < process_count)
        return &process_table[i];
    i -= process_count;
    return i < command_count ? &command_table[i] : NULL;
}

bool command_begins_noun(size_t i)
{
    return i == 0 || strcmp(command_at(i)->noun, command_at(i - 1)->noun);
}

static const char *noun_help(const char *noun)
{
    static const struct {
        const char *noun, *help;
    } nouns[] = {
        { "config", "the configuration file" },
        { "alliance", "alliances and their regions" },
        { "meeting", "meetings, their seats and agendas" },
        { "question", "what a meeting asks beyond the form" },
        { "account", "who may sign in at the desk" },
        { "attendees", "who comes" },
        { "mail", "letters that wait, and trying again" },
        { "feedback", "reported barriers" },
        { "notice", "what people were told about their data" },
    };

    for (size_t i = 0; i < sizeof nouns / sizeof *nouns; i++)
        if (!strcmp(nouns[i].noun, noun))
            return nouns[i].help;
    return "";
}

static void help_line(struct str *out, const char *words, const char *help)
{
    if (strlen(words) > 40 && strlen(words) + strlen(help) <= 76)
        str_addf(out, "  %s %s\n", words, help);
    else if (strlen(words) > 40)
        str_addf(out, "  %s\n  %-40s %s\n", words, "", help);
    else
        str_addf(out, "  %-40s %s\n", words, help);
}

static void verbs_of(const char *noun, struct str *out)
{
    const char *separator = "";
    const struct command *c;

    for (size_t i = 0; (c = command_at(i)); i++)
        if (!strcmp(c->noun, noun)) {
            str_addf(out, "%s%s", separator, c->verb);
            separator = "|";
        }
}

/* One line for a noun and all its verbs, or for a noun that has none. */
static void noun_line(const struct command *first, struct str *out)
{
    struct str words;

    str_init(&words, NULL, 200);
    str_addf(&words, "%s ", first->noun);
    if (*first->verb)
        verbs_of(first->noun, &words);
    else
        str_add(&words, first->usage);
    help_line(out, words.data,
              *first->verb ? noun_help(first->noun) : first->help);
    str_free(&words);
}

void command_help(struct str *out)
{
    str_add(out, "convened " PACKAGE_VERSION ": invites, registers and "
            "keeps calendars right\n\n"
            "usage: convened [--config FILE] COMMAND ...\n\n");
    for (size_t i = 0; command_at(i); i++)
        if (command_begins_noun(i))
            noun_line(command_at(i), out);
    str_add(out, "\n`convened COMMAND --help` says more about one of them; "
            "--version, --help\n");
}

static void help_of(struct arena *arena, const struct command *command,
                    struct str *out)
{
    str_addf(out, "usage: convened %s", command_name(arena, command));
    if (*command->usage)
        str_addf(out, " %s", command->usage);
    str_addf(out, " [OPTIONS]\n\n%s\n", command->help);
    for (const struct command_option *o = command->options; o->name; o++) {
        struct str words;
        str_init(&words, NULL, 200);
        str_addf(&words, "--%s%s%s", o->name, o->value ? " " : "",
                 o->value ? o->value : "");
        str_addf(out, "%s  %-30s %s%s\n",
                 o == command->options ? "\n" : "", words.data, o->help,
                 o->required ? " (needed)" : "");
        str_free(&words);
    }
}

static void help_of_noun(const char *noun, struct str *out)
{
    str_addf(out, "convened %s: %s\n\n", noun, noun_help(noun));
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &command_table[i];
        struct str words;
        if (strcmp(c->noun, noun))
            continue;
        str_init(&words, NULL, 200);
        str_addf(&words, "%s %s %s", noun, c->verb, c->usage);
        help_line(out, words.data, c->help);
        str_free(&words);
    }
}

/* --- parsing ----------------------------------------------------------- */

static const struct command *find_command(const char *noun, const char *verb)
{
    for (size_t i = 0; i < command_count; i++)
        if (!strcmp(command_table[i].noun, noun) &&
            (!verb || !strcmp(command_table[i].verb, verb)))
            return &command_table[i];
    return NULL;
}

bool command_is_help(const char *word)
{
    return !strcmp(word, "--help") || !strcmp(word, "-h");
}

/* Words of a shell are bytes: what is no text goes no further. */
static bool check_word(struct call *call, const char *shown,
                       const char *word)
{
    if (strlen(word) > COMMAND_WORD_BYTES)
        call_mistake(call, "%s: longer than %d bytes", shown,
                     COMMAND_WORD_BYTES);
    else if (!text_is_utf8(word, strlen(word)))
        call_mistake(call, "%s: not valid UTF-8", shown);
    else if (text_has_control(word, true))
        call_mistake(call, "%s: holds control characters", shown);
    else
        return true;
    return false;
}

static bool may_repeat(const struct command_option *option)
{
    static const char end[] = " ...";
    size_t length = option->value ? strlen(option->value) : 0;

    return length >= strlen(end) &&
           !strcmp(option->value + length - strlen(end), end);
}

static void keep_value(struct call *call, size_t i, const char *value)
{
    const struct command_option *option = &call->command->options[i];
    const char *before = call->values[i];

    if (before && !may_repeat(option))
        call_mistake(call, "--%s is given twice", option->name);
    if (!check_word(call, option->name, value))
        return;
    call->values[i] = before && may_repeat(option)
        ? arena_printf(call->arena, "%s\n%s", before, value) : value;
}

/* Takes one option, and its value from the next word if it is not behind an
 * equals sign. Returns how many words were used. */
static int take_option(struct call *call, int left, char **words)
{
    const char *name = words[0] + 2;
    size_t length = strcspn(name, "=");
    size_t i = option_index(call->command, name, length);
    const struct command_option *option = &call->command->options[i];
    const char *value = name[length] == '=' ? name + length + 1 : NULL;
    int used = 1;

    if (!option->name) {
        call_mistake(call, "--%.*s: no such option; see convened %s --help",
                     (int)length, name,
                     command_name(call->arena, call->command));
        return 1;
    }
    if (!option->value && value)
        call_mistake(call, "--%s takes no value", option->name);
    if (!option->value) {
        value = "";
    } else if (!value) {
        if (left < 2) {
            call_mistake(call, "--%s: a value is missing: %s", option->name,
                         option->value);
            return 1;
        }
        value = words[1];
        used = 2;
    }
    keep_value(call, i, value);
    return used;
}

static void take_argument(struct call *call, const char *word)
{
    if (!check_word(call, "argument", word))
        return;
    if (call->argument_count >= call->command->arguments_most)
        call_mistake(call, "\"%s\" is one word too many; see convened %s "
                     "--help", word,
                     command_name(call->arena, call->command));
    else
        call->arguments[call->argument_count++] = word;
}

static void check_complete(struct call *call)
{
    const struct command *command = call->command;

    if (call->argument_count < command->arguments_least)
        call_mistake(call, "usage: convened %s %s",
                     command_name(call->arena, command), command->usage);
    for (size_t i = 0; command->options[i].name; i++)
        if (command->options[i].required && !call->values[i] &&
            !call->mistakes)
            call_mistake(call, "--%s %s is missing: %s",
                         command->options[i].name, command->options[i].value,
                         command->options[i].help);
}

static enum exit_code unknown(struct call *call, const char *noun,
                              const char *verb)
{
    if (!find_command(noun, NULL)) {
        call_say(call, "there is no command \"%.40s\"; `convened` alone "
                 "lists them", noun);
    } else {
        struct str verbs;
        str_init(&verbs, call->arena, 200);
        verbs_of(noun, &verbs);
        if (verb)
            call_say(call, "there is no \"%s %.40s\", only: %s %s", noun,
                     verb, noun, verbs.data);
        else
            call_say(call, "usage: convened %s %s", noun, verbs.data);
    }
    return EXIT_USAGE;
}

/* What follows the command's own name. False: help was asked for. */
static bool take_words(struct call *call, int argc, char **argv)
{
    bool options_end = false;

    for (int i = 0; i < argc;) {
        if (!options_end && command_is_help(argv[i]))
            return false;
        if (!options_end && !strcmp(argv[i], "--")) {
            options_end = true;
            i++;
        } else if (!options_end && !strncmp(argv[i], "--", 2)) {
            i += take_option(call, argc - i, argv + i);
        } else {
            take_argument(call, argv[i++]);
        }
    }
    return true;
}

enum exit_code command_parse(int argc, char **argv, struct call *call)
{
    const char *noun = argc > 0 ? argv[0] : "";
    const char *verb = argc > 1 ? argv[1] : NULL;
    const struct command *command = find_command(noun, "");
    int named = command ? 1 : 2;

    if (!command && verb && command_is_help(verb) &&
        find_command(noun, NULL)) {
        help_of_noun(noun, &call->out);
        return EXIT_FINE;
    }
    if (!command && verb && *verb)
        command = find_command(noun, verb);
    if (!command)
        return unknown(call, noun, verb);
    call->command = command;
    if (!take_words(call, argc - named, argv + named)) {
        help_of(call->arena, command, &call->out);
        call->command = NULL;
        return EXIT_FINE;
    }
    check_complete(call);
    return call->mistakes ? EXIT_USAGE : EXIT_FINE;
}

/* --- running ----------------------------------------------------------- */

enum rc command_write(struct call *call, struct writer *writer, int64_t now,
                      enum exit_code *code, struct err *err)
{
    call->writer = writer;
    *code = command_read(call, writer_reader(writer), now);
    return *code == EXIT_FINE ? RC_OK : err_set(err, "an admin command was "
                                                     "refused");
}

enum exit_code command_read(struct call *call, struct reader *reader,
                            int64_t now)
{
    call->reader = reader;
    call->now = now;
    return call->command->run(call);
}
