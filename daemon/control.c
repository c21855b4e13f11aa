#include "daemon/control.h"

#include <event2/event.h>

#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/mem.h"
#include "daemon/command.h"
#include "daemon/door.h"

#define LINE_MOST ((size_t)2 << 20)
#define PEERS_MOST 16

struct control {
    const struct settings *settings;
    const struct keyring *keys;
    struct reader *reader;
    struct writing *writing;
    struct mailbox *jobs_home;
    struct door *door;
};

/* One asked command. It outlives its peer, and the door, if a job of it is
 * with the writer. */
struct request {
    struct job job; /* first */
    struct door_peer *peer; /* NULL: has hung up */
    struct arena *arena;
    struct call call;
    enum exit_code code;
};

static void request_free(struct request *request)
{
    arena_free(&request->arena);
    mem_free(request);
}

static void reply(struct request *request)
{
    struct call *call = &request->call;

    if (call->command)
        log_info("admin: %s %s, exit %d", call->command->noun,
                 call->command->verb, (int)request->code);
    if (!request->peer)
        return;
    if (call->out.overflow) {
        str_clear(&call->out);
        call_say(call, "the answer is too long; ask for less of it");
        request->code = EXIT_UNAVAILABLE;
    }
    json_t *message = json_pack("{s:s%, s:s%, s:i}", "out", call->out.data,
                                call->out.length, "err", call->err.data,
                                call->err.length, "exit",
                                (int)request->code);
    door_peer_set(request->peer, NULL);
    if (message)
        door_send(request->peer, message);
    else
        log_error("control: an answer is not valid UTF-8");
    door_dismiss(request->peer);
}

/* --- the writer's part ------------------------------------------------- */

static enum rc run_job(struct writer *writer, int64_t now, struct job *job,
                       struct err *err)
{
    struct request *request = (struct request *)(void *)job;
    enum rc rc = command_write(&request->call, writer, now, &request->code,
                               err);

    job->changed = request->call.changed;
    return rc;
}

static void job_done(struct job *job)
{
    struct request *request = (struct request *)(void *)job;

    if (request->code == EXIT_FINE && job->rc != RC_OK) {
        str_clear(&request->call.out);
        request->code = call_failed(&request->call, &job->err);
    }
    reply(request);
    request_free(request);
}

/* True: the request is with the writer now. */
static bool submit(struct control *control, struct request *request)
{
    request->job = (struct job){
        .run = run_job, .done = job_done, .home = control->jobs_home,
    };
    if (writing_submit(control->writing, &request->job))
        return true;
    call_say(&request->call, "the server has too much to write just now; "
             "try again");
    request->code = EXIT_UNAVAILABLE;
    return false;
}

/* --- asking ------------------------------------------------------------ */

/* The words as a NULL-ended argv; NULL: not what a client of ours sends. */
static char **read_words(struct arena *arena, const json_t *message,
                         int *count)
{
    const json_t *words = json_object_get(message, "words");
    size_t length = json_array_size(words), i;
    json_t *word;

    if (!length || length > COMMAND_WORDS)
        return NULL;
    char **argv = ARENA_ARRAY(arena, char *, length + 1);
    json_array_foreach(words, i, word) {
        if (!json_is_string(word) ||
            json_string_length(word) > COMMAND_WORD_BYTES + 64)
            return NULL;
        argv[i] = arena_strdup(arena, json_string_value(word));
    }
    *count = (int)length;
    return argv;
}

static bool read_input(struct arena *arena, const json_t *message,
                       const char **input)
{
    const json_t *given = json_object_get(message, "input");

    *input = NULL;
    if (!given || json_is_null(given))
        return true;
    if (!json_is_string(given) ||
        json_string_length(given) > COMMAND_WORD_BYTES)
        return false;
    *input = arena_strdup(arena, json_string_value(given));
    return true;
}

static bool begin(struct control *control, struct request *request,
                  const json_t *message)
{
    struct call *call = &request->call;
    const char *input;
    int argc;
    char **argv = read_words(request->arena, message, &argc);

    if (!argv || !read_input(request->arena, message, &input))
        return false;
    call_begin(call, request->arena, control->settings, control->keys);
    call->input = input;
    request->code = command_parse(argc, argv, call);
    return true;
}

static void said(struct door_peer *peer, const json_t *message,
                 void *context)
{
    struct control *control = context;

    if (door_peer_get(peer)) { /* asks again before it was answered */
        door_dismiss(peer);
        return;
    }
    struct request *request = mem_new(sizeof *request);
    request->arena = arena_new();
    request->peer = peer;
    if (!begin(control, request, message)) {
        door_dismiss(peer);
        request_free(request);
        return;
    }
    struct call *call = &request->call;
    if (request->code == EXIT_FINE && call->command) {
        if (call->command->writes) {
            door_peer_set(peer, request);
            if (submit(control, request))
                return;
        } else {
            request->code = command_read(call, control->reader, clock_now());
        }
    }
    reply(request);
    request_free(request);
}

static void left(struct door_peer *peer, void *context)
{
    struct request *request = door_peer_get(peer);

    (void)context;
    if (request)
        request->peer = NULL;
}

enum rc control_open(struct event_base *base,
                     const struct settings *settings,
                     const struct keyring *keys, struct reader *reader,
                     struct writing *writing, struct mailbox *jobs_home,
                     struct control **out, struct err *err)
{
    struct control *control = mem_new(sizeof *control);
    struct str path;

    *control = (struct control){
        .settings = settings, .keys = keys, .reader = reader,
        .writing = writing, .jobs_home = jobs_home,
    };
    str_init(&path, NULL, 4096);
    str_addf(&path, "%s/control.sock", settings->run_dir);
    const struct door_rules rules = {
        .path = path.data, .mode = 0600, .line_most = LINE_MOST,
        .peers_most = PEERS_MOST, .said = said, .left = left,
        .context = control,
    };
    enum rc rc = door_open(base, &rules, &control->door, err);
    str_free(&path);
    if (rc != RC_OK)
        mem_free(control);
    *out = rc == RC_OK ? control : NULL;
    return rc;
}

void control_adopt(struct control *control, const struct settings *settings)
{
    control->settings = settings;
}

void control_close(struct control **slot)
{
    struct control *control = *slot;

    if (!control)
        return;
    *slot = NULL;
    door_close(&control->door);
    mem_free(control);
}
