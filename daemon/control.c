#include "daemon/control.h"

#include <assert.h>
#include <event2/event.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/mem.h"
#include "daemon/command.h"
#include "daemon/door.h"

#define LINE_MOST ((size_t)2 << 20)
#define PEERS_MOST 16
#define ASIDES_MOST 3 /* threads of backups and long lists */

struct control {
    const struct settings *settings;
    const struct keyring *keys;
    struct reader *reader;
    struct writing *writing;
    struct mailbox *jobs_home;
    struct door *door;
    /* Commands that run aside, and where they come home to. */
    struct request *asides;
    size_t aside_count;
    struct mailbox *aside_home;
    struct event *on_aside;
};

/* One asked command. It outlives its peer, and the door, if a job of it is
 * with the writer. */
struct request {
    struct job job; /* first */
    struct control *control;
    struct door_peer *peer; /* NULL: has hung up */
    struct request *next; /* aside too */
    pthread_t thread;     /* aside */
    atomic_bool hurry;
    struct arena *arena;
    struct call call;
    enum exit_code code;
};

static void request_free(struct request *request)
{
    for (size_t i = 0; i < request->call.file_count; i++)
        close(request->call.files[i]);
    arena_free(&request->arena);
    mem_free(request);
}

static void reply(struct request *request)
{
    struct call *call = &request->call;

    if (call->command)
        log_info("admin: %s, exit %d",
                 command_name(request->arena, call->command),
                 (int)request->code);
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

/* --- aside ------------------------------------------------------------- */

static void *run_aside(void *argument)
{
    struct request *request = argument;

    request->code = request->call.command->run_aside(&request->call);
    mailbox_post_chain(request->control->aside_home, &request->job.parcel,
                       &request->job.parcel);
    return NULL;
}

/* Its thread has been joined, and its parcel is in no mailbox. */
static void end_aside(struct request *request)
{
    struct control *control = request->control;
    struct request **slot = &control->asides;

    while (*slot != request)
        slot = &(*slot)->next;
    *slot = request->next;
    control->aside_count--;
    reply(request);
    request_free(request);
}

static void on_aside(evutil_socket_t fd, short what, void *context)
{
    const struct control *control = context;
    struct parcel *next;

    (void)fd, (void)what;
    for (struct parcel *at = mailbox_take(control->aside_home); at;
         at = next) {
        struct request *request = (struct request *)(void *)at;

        next = at->next;
        pthread_join(request->thread, NULL);
        end_aside(request);
    }
}

/* True: the request is on its way. */
static bool start_aside(struct control *control, struct request *request)
{
    sigset_t all, before;

    request->code = EXIT_UNAVAILABLE;
    if (control->aside_count == ASIDES_MOST) {
        call_say(&request->call, "%d others are under way; try again",
                 ASIDES_MOST);
        return false;
    }
    request->call.hurry = &request->hurry;
    request->job.parcel.next = NULL;
    sigfillset(&all); /* signals are the main thread's */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&request->thread, NULL, run_aside, request);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed) {
        call_say(&request->call, "the server cannot have one more thread");
        return false;
    }
    request->next = control->asides;
    control->asides = request;
    control->aside_count++;
    return true;
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
    for (int fd; (fd = door_peer_take_fd(request->peer)) >= 0;)
        if (call->file_count < COMMAND_FILES)
            call->files[call->file_count++] = fd;
        else
            close(fd);
    request->code = command_parse(argc, argv, call);
    return true;
}

/* True: somebody else has the request now, and will answer it. */
static bool hand_on(struct control *control, struct request *request)
{
    struct call *call = &request->call;

    if (call->file_count && call->command->run_aside)
        return start_aside(control, request);
    if (!call->command->run) {
        call_say(call, "the server has no part in this");
        request->code = EXIT_USAGE;
        return false;
    }
    if (call->command->writes)
        return submit(control, request);
    request->code = command_read(call, control->reader, clock_now());
    return false;
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
    request->control = control;
    request->peer = peer;
    if (!begin(control, request, message)) {
        door_dismiss(peer);
        request_free(request);
        return;
    }
    door_peer_set(peer, request);
    if (request->code == EXIT_FINE && request->call.command &&
        hand_on(control, request))
        return;
    reply(request);
    request_free(request);
}

static void left(struct door_peer *peer, void *context)
{
    struct request *request = door_peer_get(peer);

    (void)context;
    if (!request)
        return;
    request->peer = NULL;
    atomic_store(&request->hurry, true); /* nobody waits for it any more */
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
    *out = NULL;
    if (rc != RC_OK) {
        mem_free(control);
        return rc;
    }
    control->aside_home = mailbox_new(0);
    control->on_aside = event_new(base, mailbox_fd(control->aside_home),
                                  EV_READ | EV_PERSIST, on_aside, control);
    assert(control->on_aside);
    event_add(control->on_aside, NULL);
    *out = control;
    return RC_OK;
}

bool control_uses(const struct control *control,
                  const struct settings *settings)
{
    for (const struct request *at = control->asides; at; at = at->next)
        if (at->call.settings == settings)
            return true;
    return false;
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
    for (struct request *at = control->asides; at; at = at->next)
        atomic_store(&at->hurry, true);
    for (struct request *at = control->asides; at; at = at->next)
        pthread_join(at->thread, NULL);
    (void)mailbox_take(control->aside_home);
    while (control->asides)
        end_aside(control->asides);
    event_free(control->on_aside);
    mailbox_free(&control->aside_home);
    door_close(&control->door);
    mem_free(control);
}
