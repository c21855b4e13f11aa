/* What needs no configuration, or reads it itself. */
#include <stdio.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/command.h"
#include "daemon/config.h"
#include "daemon/version.h"

#define CONFIG_BYTES ((size_t)1 << 20)

static enum exit_code print_version(void)
{
    struct str out;

    str_init(&out, NULL, CONFIG_BYTES);
    version_print(&out);
    fputs(out.data, stdout);
    str_free(&out);
    return EXIT_FINE;
}

static enum exit_code print_help(void)
{
    struct str out;

    str_init(&out, NULL, CONFIG_BYTES);
    command_help(&out);
    fputs(out.data, stdout);
    str_free(&out);
    return EXIT_FINE;
}

/* --- config ------------------------------------------------------------ */

struct config_call {
    const char *path;
    bool origin, json;
    struct arena *arena;
    struct settings settings;
    struct config_origins origins;
    struct str out, faults;
};

static enum exit_code config_read_all(struct config_call *call)
{
    if (config_read_traced(call->arena, call->path, &call->settings,
                           &call->origins, &call->faults) == RC_OK)
        return EXIT_FINE;
    return EXIT_CONFIG;
}

static enum exit_code config_check(struct config_call *call)
{
    enum exit_code code = config_read_all(call);

    if (code != EXIT_FINE)
        return code;
    enum rc machine = config_check_machine(&call->settings, &call->faults);
    enum rc state = config_check_state(&call->settings, &call->faults);
    if (machine != RC_OK || state != RC_OK)
        return EXIT_CONFIG;
    config_warnings(&call->settings, clock_now(), &call->faults);
    str_addf(&call->out, "%s: no faults%s\n", call->path,
             call->faults.length ? ", but warnings" : "");
    return EXIT_FINE;
}

static enum exit_code config_show(struct config_call *call)
{
    enum exit_code code = config_read_all(call);

    const struct config_origins *origins =
        call->origin ? &call->origins : NULL;

    if (code != EXIT_FINE)
        return code;
    if (call->json)
        config_print_json(&call->settings, origins, &call->out);
    else
        config_print_traced(&call->settings, origins, &call->out);
    return EXIT_FINE;
}

static enum exit_code config_sample(struct config_call *call)
{
    config_print_sample(&call->out);
    return EXIT_FINE;
}

static const struct {
    const char *verb, *help;
    enum exit_code (*run)(struct config_call *);
} config_verbs[] = {
    { "check", "reads it and looks at the machine; says all faults at once",
      config_check },
    { "show", "the values in force; with --origin where each comes from",
      config_show },
    { "sample", "a file with every key and what it means", config_sample },
};
#define CONFIG_VERBS (sizeof config_verbs / sizeof *config_verbs)

static enum exit_code config_usage(FILE *out)
{
    fputs("usage: convened [--config FILE] config VERB\n\n", out);
    for (size_t i = 0; i < CONFIG_VERBS; i++)
        fprintf(out, "  %-8s %s\n", config_verbs[i].verb,
                config_verbs[i].help);
    return out == stdout ? EXIT_FINE : EXIT_USAGE;
}

static enum exit_code run_config(const char *path, size_t verb, bool origin,
                                 bool json)
{
    struct config_call call = {
        .path = path, .origin = origin, .json = json, .arena = arena_new(),
    };

    str_init(&call.out, call.arena, CONFIG_BYTES);
    str_init(&call.faults, call.arena, CONFIG_BYTES);
    enum exit_code code = config_verbs[verb].run(&call);
    fputs(call.out.data, stdout);
    fputs(call.faults.data, stderr);
    arena_free(&call.arena);
    return code;
}

static enum exit_code config_command(const char *path, int argc, char **argv)
{
    bool origin = false, json = false;
    size_t verb = 0;

    if (argc > 1 && command_is_help(argv[1]))
        return config_usage(stdout);
    while (argc > 1 && verb < CONFIG_VERBS &&
           strcmp(config_verbs[verb].verb, argv[1]))
        verb++;
    if (argc < 2 || verb == CONFIG_VERBS)
        return config_usage(stderr);
    for (int i = 2; i < argc; i++) {
        if (command_is_help(argv[i]))
            return config_usage(stdout);
        bool *flag = !strcmp(argv[i], "--origin") ? &origin
                     : !strcmp(argv[i], "--json") ? &json : NULL;
        if (!flag || config_verbs[verb].run != config_show) {
            fprintf(stderr, "convened config %s: %s: no such option\n",
                    argv[1], argv[i]);
            return EXIT_USAGE;
        }
        *flag = true;
    }
    return run_config(path, verb, origin, json);
}

/* --- which ------------------------------------------------------------- */

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--"); i++)
        if (command_is_help(argv[i]))
            return true;
    return false;
}

static enum exit_code process_help(const char *noun)
{
    if (!strcmp(noun, "serve"))
        puts("usage: convened [--config FILE] serve [--no-courier]\n\n"
             "Serves the site until SIGTERM. Without --no-courier it starts "
             "the mail process\nas its child; under systemd that is a unit "
             "and a user of its own.");
    else
        puts("usage: convened [--config FILE] courier\n\n"
             "Takes due letters from the server's courier.sock and hands "
             "them to the relay,\nor writes them to the spool.");
    return EXIT_FINE;
}

static bool is_noun(const char *word)
{
    for (size_t i = 0; i < command_count; i++)
        if (!strcmp(command_table[i].noun, word))
            return true;
    return false;
}

static bool is_process(const char *word)
{
    return !strcmp(word, "serve") || !strcmp(word, "courier");
}

bool command_early(const char *config_path, int argc, char **argv,
                   enum exit_code *code)
{
    if (argc < 1 || command_is_help(argv[0]) || !strcmp(argv[0], "help"))
        *code = print_help();
    else if (!strcmp(argv[0], "--version"))
        *code = print_version();
    else if (!strcmp(argv[0], "config"))
        *code = config_command(config_path, argc, argv);
    else if (!strcmp(argv[0], "demo"))
        return false;
    else if (is_process(argv[0]) && asks_for_help(argc, argv))
        *code = process_help(argv[0]);
    else if (!is_process(argv[0]) &&
             (!is_noun(argv[0]) || asks_for_help(argc, argv)))
        *code = command_main(NULL, argc, argv); /* says what there is */
    else
        return false;
    return true;
}
