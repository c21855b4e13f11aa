#include "daemon/commands/attendee_take.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "daemon/asking.h"
#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/state.h"
#include "daemon/store/account_store.h"
#include "web/view/json.h"

enum exit_code attendee_take_note(struct call *call)
{
    struct attendee_choice choice;
    struct err err;
    enum exit_code code = attendee_choose(call, &choice);
    struct audit audit = { .actor = -1, .deed = call->command->verb };

    if (code != EXIT_FINE)
        return code;
    audit.alliance_id = choice.meeting.alliance_id;
    audit.meeting_id = choice.meeting.id;
    if (attendees_count(call->reader, &choice.rows, &audit.amount, &err) ||
        audit_insert(call->writer, call->now, &audit, &err))
        return call_failed(call, &err);
    return EXIT_FINE;
}

/* --- the side that has the database ------------------------------------ */

static enum exit_code take(struct call *call, attendee_write *write, int fd)
{
    struct attendee_choice choice;
    struct err err;
    int64_t rows = 0;
    enum exit_code code = attendee_choose(call, &choice);

    if (code != EXIT_FINE)
        return code;
    if (write(call, &choice, fd, &rows, &err) != RC_OK)
        return call_failed(call, &err);
    str_addf(&call->out, "{\"rows\": %lld}", (long long)rows);
    return EXIT_FINE;
}

enum exit_code attendee_take_aside(struct call *call, attendee_write *write)
{
    struct state state;
    struct err err;

    if (call->file_count != 1) {
        call_say(call, "one open file is needed");
        return EXIT_USAGE;
    }
    state_find(call->arena, call->settings, &state);
    if (reader_open(state.database, &call->reader, &err) != RC_OK)
        return call_failed(call, &err);
    call->now = clock_now();
    enum exit_code code = take(call, write, call->files[0]);
    reader_close(&call->reader);
    return code;
}

bool attendee_put(int fd, const void *bytes, size_t length)
{
    const char *at = bytes;

    while (length) {
        ssize_t put = write(fd, at, length);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        at += put;
        length -= (size_t)put;
    }
    return true;
}

/* --- the side that asked ------------------------------------------------ */

/* In this process; the lock keeps a server from starting meanwhile. */
static enum exit_code fill_alone(struct call *call, int fd)
{
    int lock;
    enum exit_code code = asking_lock(call, &lock);

    if (code != EXIT_FINE)
        return code;
    call->files[0] = fd;
    call->file_count = 1;
    code = call->command->run_aside(call);
    call->file_count = 0;
    close(lock);
    return code;
}

/* Through the server or, without one, alone; fd -1: the note alone. */
static enum exit_code have_done(struct call *call, int fd)
{
    int count, server = asking_knock(call);
    char **words = call_words(call, &count);

    if (server == ASKING_FORBIDDEN)
        return EXIT_NOPERM;
    if (server >= 0)
        return asking_ask(call, server, count, words, &fd, fd >= 0 ? 1 : 0);
    return fd >= 0 ? fill_alone(call, fd) : command_run_alone(call);
}

enum exit_code attendee_take_here(struct call *call, int fd, int64_t *rows)
{
    enum exit_code code = have_done(call, -1);

    if (code == EXIT_FINE)
        code = have_done(call, fd);
    if (code != EXIT_FINE)
        return code;
    json_t *said = json_loadb(call->out.data, call->out.length, 0, NULL);
    *rows = json_integer_value(json_object_get(said, "rows"));
    json_decref(said);
    str_clear(&call->out);
    return EXIT_FINE;
}
