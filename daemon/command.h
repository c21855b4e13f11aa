/* The sub-commands: one const table (command_table.c). Those that touch the
 * database run in the server, asked through control.sock; with no server
 * running, in this process on the locked state directory – the same function
 * either way. */
#ifndef CONVENED_COMMAND_H
#define CONVENED_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/err.h"
#include "daemon/base/str.h"
#include "daemon/model/settings.h"
#include "daemon/store/db.h"

struct arena;
struct keyring;

/* sysexits(3) */
enum exit_code {
    EXIT_FINE = 0, EXIT_USAGE = 64, EXIT_DATA = 65, EXIT_UNAVAILABLE = 69,
    EXIT_SOFTWARE = 70, EXIT_CANTCREAT = 73, EXIT_NOPERM = 77,
    EXIT_CONFIG = 78,
};

/* One option of a command: "--name VALUE" or, without `value`, a flag. */
struct command_option {
    const char *name;  /* "title-de" */
    const char *value; /* "TEXT"; NULL: a flag */
    const char *help;
    bool required;
};

#define COMMAND_OPTIONS 40

/* A command under way: what was asked and where the answer goes. */
struct call {
    const struct command *command;
    struct arena *arena;
    const struct settings *settings;
    const struct keyring *keys;
    struct reader *reader; /* always */
    struct writer *writer; /* only if the command writes */
    int64_t now;
    const char *arguments[8]; /* positional */
    size_t argument_count;
    const char *values[COMMAND_OPTIONS]; /* by option; NULL: not given */
    const char *input; /* what was on standard input, if .reads_input */
    struct str out, err; /* for the two streams */
    unsigned changed;    /* enum change bits, for the writer */
};

struct command {
    const char *noun; /* "meeting" */
    const char *verb; /* "add" */
    const char *usage; /* "ALLIANCE/MEETING": names of the arguments */
    const char *help;  /* one line */
    size_t arguments_least, arguments_most;
    bool writes;
    bool reads_input; /* a password, from standard input */
    const struct command_option *options; /* ends with name NULL */
    enum exit_code (*run)(struct call *);
};

extern const struct command command_table[];
extern const size_t command_count;

/* The value of an option by name, NULL if not given; asserts it exists. */
const char *call_option(const struct call *, const char *name);
bool call_flag(const struct call *, const char *name);
/* Reads argv into the call; on a mistake says what to do in call->err. */
enum exit_code command_parse(int argc, char **argv, struct call *);
/* The sub-command's whole life on the asking side. */
enum exit_code command_main(const struct settings *, int argc, char **argv);
/* In the server: runs the words of one request from control.sock. `reply` is
 * called on this loop with the finished call. */
void command_help(struct str *out);

#endif
