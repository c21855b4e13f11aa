/* The sub-commands: one const table (command_table.c). Those that touch the
 * database run in the server, asked through control.sock; with no server
 * running, in this process on the locked state directory – the same function
 * either way. Those about files and the machine run where they were typed. */
#ifndef CONVENED_COMMAND_H
#define CONVENED_COMMAND_H

#include <stdatomic.h>
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
    const char *value; /* "TEXT"; NULL: a flag. One that ends with " ..." may
                          be given several times: its values become lines */
    const char *help;
    bool required;
};

#define COMMAND_OPTIONS 40
#define COMMAND_ARGUMENTS 50
#define COMMAND_WORDS 100             /* of one call, at most */
#define COMMAND_WORD_BYTES (64 * 1024) /* the longest: a description */
#define COMMAND_OUT_BYTES ((size_t)48 << 20)
#define COMMAND_FILES 2 /* descriptors that come with one call */

/* A command under way: what was asked and where the answer goes. */
struct call {
    const struct command *command;
    struct arena *arena;
    const struct settings *settings;
    const struct keyring *keys;
    struct reader *reader; /* always */
    struct writer *writer; /* only if the command writes */
    int64_t now;
    const char *arguments[COMMAND_ARGUMENTS]; /* positional */
    size_t argument_count;
    const char *values[COMMAND_OPTIONS]; /* by option; NULL: not given */
    const char *input; /* hash of the password, if .reads_input */
    int files[COMMAND_FILES]; /* descriptors; only for run_aside */
    size_t file_count;
    const atomic_bool *hurry; /* for run_aside: true, the server stops */
    struct str out, err; /* for the two streams */
    unsigned mistakes;   /* in what was given, said in err */
    unsigned changed;    /* enum change bits, for the writer */
};

struct command {
    const char *noun; /* "meeting" */
    const char *verb; /* "add"; "": the noun alone is the command */
    const char *usage; /* "ALLIANCE/MEETING": names of the arguments */
    const char *help;  /* one line */
    size_t arguments_least, arguments_most;
    bool writes;
    /* A password from standard input, or a generated one. It is hashed where
     * it was typed: only the hash crosses the socket, and no loop of the
     * server waits for it. */
    bool reads_input;
    const struct command_option *options; /* ends with name NULL */
    /* On the database. Anything but EXIT_FINE undoes what it wrote. */
    enum exit_code (*run)(struct call *);
    /* Instead, in the process in which it was typed, with neither database
     * nor lock: what is about files and the machine. It may ask the server
     * itself (asking.h) and then finds `run` or `run_aside` there. */
    enum exit_code (*run_here)(struct call *);
    /* In the server instead of `run` if descriptors came with the words: on
     * a thread of its own, with neither reader nor writer. */
    enum exit_code (*run_aside)(struct call *);
};

extern const struct command command_table[];
extern const size_t command_count;
extern const struct command_option command_no_options[];
/* The sub-commands that are the process itself and run from main.c; here for
 * help and documentation. */
extern const struct command process_table[];
extern const size_t process_count;
/* Row `i` of both tables, those of the process first; NULL behind the last.
 * Is it the first one with its noun? */
const struct command *command_at(size_t i);
bool command_begins_noun(size_t i);

/* An empty call whose answers live in the arena. */
void call_begin(struct call *, struct arena *, const struct settings *,
                const struct keyring *);
/* The value of an option by name, NULL if not given; asserts it exists. */
const char *call_option(const struct call *, const char *name);
bool call_flag(const struct call *, const char *name);
/* Its words once more, for somebody else to parse; ends with NULL. */
char **call_words(const struct call *, int *count);
/* A line for the error stream. */
void call_say(struct call *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The same, about something that was given: counts as a mistake. */
void call_mistake(struct call *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The store failed: says so; `return call_failed(call, &err);` */
enum exit_code call_failed(struct call *, const struct err *);

/* Reads words, from the noun on, into the call; on a mistake says what to do
 * in call->err. With --help the help stands in call->out and call->command
 * is NULL: nothing is left to run. */
enum exit_code command_parse(int argc, char **argv, struct call *);
/* Runs it inside the writer's transaction. RC_FAIL: what it wrote is to be
 * undone, *code and the call say why. */
MUST_USE enum rc command_write(struct call *, struct writer *, int64_t now,
                               enum exit_code *code, struct err *);
/* Runs one that only reads. */
enum exit_code command_read(struct call *, struct reader *, int64_t now);
/* A call that was parsed, in this process: the state directory is locked for
 * as long as it takes. For commands with `run`. */
enum exit_code command_run_alone(struct call *);
/* What needs no configuration, or reads it itself: no words at all, --help,
 * --version, "config …", a command's --help. False: it was none of these. */
bool command_early(const char *config_path, int argc, char **argv,
                   enum exit_code *);
/* The sub-command's whole life on the asking side. Words from the noun on;
 * settings may be NULL if there are none. */
enum exit_code command_main(const struct settings *, int argc, char **argv);
/* "meeting add", "backup": what is typed, in the arena. */
const char *command_name(struct arena *, const struct command *);
/* --help, -h */
bool command_is_help(const char *word);
/* All commands on one screen, as `convened` alone prints them. */
void command_help(struct str *out);

#endif
