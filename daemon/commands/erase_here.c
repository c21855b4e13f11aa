/* The half of `convened erase` that sits in the terminal, where all files can
 * be read: the server could not even enter the courier's folder. */
#include <string.h>
#include <unistd.h>

#include "daemon/asking.h"
#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/commands/erase_commands.h"
#include "daemon/commands/prove.h"
#include "daemon/commands/table.h"

/* The log is emptied as soon as nobody writes, the courier deletes its files
 * when it is told: both within this time (docs/decisions/0018). */
#define WAIT_MOST_MS 60000
#define WAIT_STEP_US 500000

static bool check(struct call *call)
{
    bool email = call_option(call, "email") != NULL;
    bool everywhere = call_flag(call, "everywhere");
    char *checked;

    if (everywhere && (!email || call->argument_count > 0))
        call_mistake(call, "--everywhere goes with --email ADDRESS alone");
    else if (email && !everywhere && call->argument_count != 1)
        call_mistake(call, "--email goes with one ALLIANCE/MEETING, or with "
                     "--everywhere");
    else if (!email && call->argument_count != 2)
        call_mistake(call, "usage: convened erase ALLIANCE/MEETING "
                     "REFERENCE, or --email ADDRESS");
    if (email && !call->mistakes &&
        address_check(call->arena, call_option(call, "email"), &checked) !=
            ADDRESS_OK)
        call_mistake(call, "--email: this is not an address");
    return call->mistakes == 0;
}

/* The words as they were typed, but for what concerns this side. */
static int words_of(struct call *call, char **words)
{
    int count = 0;

    words[count++] = arena_strdup(call->arena, "erase");
    if (call_option(call, "email"))
        words[count++] = arena_printf(call->arena, "--email=%s",
                                      call_option(call, "email"));
    if (call_flag(call, "everywhere"))
        words[count++] = arena_strdup(call->arena, "--everywhere");
    if (call->argument_count > 0)
        words[count++] = arena_strdup(call->arena, "--");
    for (size_t i = 0; i < call->argument_count; i++)
        words[count++] = arena_strdup(call->arena, call->arguments[i]);
    return count;
}

/* NULL: not done, *code and call->err say why. */
static json_t *ask(struct call *call, bool *served, enum exit_code *code)
{
    char *words[COMMAND_ARGUMENTS + 4];
    int count = words_of(call, words);
    int server = asking_knock(call);
    json_t *answer = NULL;

    *served = server >= 0;
    *code = server == ASKING_FORBIDDEN ? EXIT_NOPERM
            : server == ASKING_NOBODY  ? command_run_alone(call)
            : asking_ask(call, server, count, words, NULL, 0);
    if (*code == EXIT_FINE)
        answer = json_loadb(call->out.data, call->out.length, 0, NULL);
    if (*code == EXIT_FINE && !answer) {
        call_say(call, "the server's answer is not understood");
        *code = EXIT_SOFTWARE;
    }
    str_clear(&call->out);
    return answer;
}

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef";
    const char *at = c ? strchr(digits, c) : NULL;

    return at ? (int)(at - digits) : 0;
}

static void read_needles(struct call *call, const json_t *answer,
                         struct needles *needles)
{
    const json_t *list = json_object_get(answer, "needles");
    json_t *pair;
    size_t i;

    *needles = (struct needles){ 0 };
    json_array_foreach(list, i, pair) {
        const char *what, *hex;

        if (json_unpack(pair, "[s, s]", &what, &hex))
            continue;
        size_t length = strlen(hex) / 2;
        unsigned char *bytes = ARENA_ARRAY(call->arena, unsigned char,
                                           length + 1);
        for (size_t k = 0; k < length; k++)
            bytes[k] = (unsigned char)(hex_digit(hex[2 * k]) * 16 +
                                       hex_digit(hex[2 * k + 1]));
        needle_add(call->arena, needles, arena_strdup(call->arena, what),
                   bytes, length);
    }
}

static bool lies_within(const char *folder, const char *path)
{
    size_t length = strlen(folder);

    return !strncmp(folder, path, length) &&
           (path[length] == '/' || path[length] == '\0');
}

static void search(struct call *call, const struct needles *needles,
                   struct proof *proof, struct str *said)
{
    const struct settings *settings = call->settings;

    *proof = (struct proof){ 0 };
    str_clear(said);
    prove_folder(settings->state_dir, needles, proof, said);
    if (settings->mail_spool && *settings->mail_spool &&
        !lies_within(settings->state_dir, settings->mail_spool))
        prove_folder(settings->mail_spool, needles, proof, said);
}

static void search_patiently(struct call *call, bool served,
                             const struct needles *needles,
                             struct proof *proof, struct str *said)
{
    int64_t until = clock_ticks_ms() + WAIT_MOST_MS;

    search(call, needles, proof, said);
    while (served && proof->hits > 0 && clock_ticks_ms() < until) {
        usleep(WAIT_STEP_US);
        search(call, needles, proof, said);
    }
}

static void print_people(struct call *call, json_t *answer)
{
    json_int_t people = 0, reports = 0, latest = 0;
    const json_t *notes = json_object_get(answer, "notes");
    json_t *line;
    size_t i;

    (void)json_unpack(answer, "{s:I, s:I, s:I}", "people", &people,
                      "reports", &reports, "latest", &latest);
    str_addf(&call->out, "erased: %lld %s\n", (long long)people,
             people == 1 ? "registration" : "registrations");
    if (reports > 0)
        str_addf(&call->out, "erased: %lld %s\n", (long long)reports,
                 reports == 1 ? "reported barrier" : "reported barriers");
    json_array_foreach(notes, i, line)
        str_addf(&call->out, "  %s\n", json_string_value(line));
}

static enum exit_code print_proof(struct call *call,
                                  const struct needles *needles,
                                  const struct proof *proof,
                                  const struct str *said)
{
    str_addf(&call->out,
             "searched: %lld files, %lld bytes, for %zu traces: %lld found\n"
             "%s", (long long)proof->files, (long long)proof->bytes,
             needles->count, (long long)proof->hits, said->data);
    if (proof->unread > 0)
        call_say(call, "not everything could be searched: ask as root");
    if (proof->hits > 0)
        call_say(call, "something is left: a courier that does not run "
                 "keeps its files, a copy from before an upgrade or a "
                 "backup keeps everybody");
    return proof->hits > 0 ? EXIT_DATA
           : proof->unread > 0 ? EXIT_NOPERM : EXIT_FINE;
}

static enum exit_code print_json(struct call *call, json_t *answer,
                                 bool prove, const struct needles *needles,
                                 const struct proof *proof)
{
    json_object_del(answer, "needles");
    json_object_set_new(answer, "latest",
                        table_time(call, "UTC", json_integer_value(
                            json_object_get(answer, "latest"))));
    if (prove)
        json_object_set_new(
            answer, "searched",
            json_pack("{s:I, s:I, s:I, s:I, s:I}", "files",
                      (json_int_t)proof->files, "bytes",
                      (json_int_t)proof->bytes, "traces",
                      (json_int_t)needles->count, "found",
                      (json_int_t)proof->hits, "unread",
                      (json_int_t)proof->unread));
    table_print_record(call, json_incref(answer));
    return proof->hits > 0 ? EXIT_DATA
           : proof->unread > 0 ? EXIT_NOPERM : EXIT_FINE;
}

enum exit_code erase_here(struct call *call)
{
    bool prove = call_flag(call, "prove"), served;
    struct needles needles;
    struct proof proof = { 0 };
    struct str said;
    enum exit_code code;

    if (!check(call))
        return EXIT_USAGE;
    json_t *answer = ask(call, &served, &code);
    if (!answer)
        return code;
    str_init(&said, call->arena, COMMAND_OUT_BYTES);
    read_needles(call, answer, &needles);
    if (prove)
        search_patiently(call, served, &needles, &proof, &said);
    if (call_flag(call, "json")) {
        code = print_json(call, answer, prove, &needles, &proof);
    } else {
        print_people(call, answer);
        str_add(&call->out, "Backups made before still hold this data until "
                "newer ones replace them.\n");
        code = prove ? print_proof(call, &needles, &proof, &said)
                     : EXIT_FINE;
    }
    json_decref(answer);
    return code;
}
