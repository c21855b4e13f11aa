#include "daemon/outgoing.h"

#include <assert.h>
#include <event2/event.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/base/log.h"
#include "daemon/base/mem.h"
#include "daemon/base/text.h"
#include "daemon/door.h"
#include "daemon/mail/delivery.h"
#include "daemon/mail/letters.h"
#include "daemon/mail/parts.h"
#include "daemon/rules/erase.h"
#include "daemon/store/letter_store.h"
#include "daemon/strays.h"
#include "daemon/telling.h"
#include "web/vitals.h"

#define LINE_MOST 16384
#define PEERS_MOST 4
#define CREDITS_MOST 64
/* Letters held, those included whose result is being written. */
#define HELD_MOST 512
/* Seconds. A letter that is due but cannot go yet – its neighbour is in
 * hand, or waits – is looked for again after these. */
#define LOOK_SOON 1
#define LOOK_LATER 10
#define LOOK_MOST 60
#define TROUBLE_WAIT 5
/* A clock that goes back by more has been set, not slewed. */
#define CLOCK_SLACK 60
static const struct timeval write_again = { 0, 500000 };

/* A letter in the courier's hand. Lives in memory only. */
struct held {
    int64_t letter_id;
    bool settling; /* its result is on the way into the database */
};

struct outgoing {
    const struct settings *settings;
    const struct keyring *keys;
    struct reader *reader;
    struct writing *writing;
    struct mailbox *home;
    struct vitals *vitals, uncounted;
    struct strays *strays;
    struct door *door;
    struct door_peer *courier; /* NULL: nobody is there */
    int64_t credits;           /* letters that it still wants */
    struct event *letters, *look, *again;
    struct held held[HELD_MOST];
    size_t held_count;
    int64_t doubt_until; /* what was written by then may have gone out
                            though no attempt is noted */
    struct result *unwritten; /* the writer could not take or keep these */
    size_t with_writer;
    struct telling *telling;
    bool in_trouble; /* told the log that the database cannot be read */
    bool unwritable; /* … that results cannot be written */
    int64_t booted;  /* by the clock, when the ticks began; 0: not known */
    bool closed;
};

/* What became of a letter, on its way into the database. */
struct result {
    struct job job;
    struct arena *arena; /* holds this too */
    struct result *next;
    struct outgoing *outgoing;
    const struct settings *settings;
    int64_t letter_id;
    bool all_again; /* of no letter: all that wait are due now */
    bool dropped;   /* else what the courier said: */
    bool in_doubt;
    enum delivery delivery;
    const char *remark;
};

_Static_assert((int)FATE_LATER == DELIVERY_LATER &&
               (int)FATE_REFUSED == DELIVERY_REFUSED, "counted alike");

static void look_now(struct outgoing *outgoing)
{
    const struct timeval now = { 0, 0 };

    if (outgoing->courier)
        evtimer_add(outgoing->look, &now);
}

/* ---- what is in the courier's hand ---- */

static struct held *find_held(struct outgoing *outgoing, int64_t letter_id)
{
    for (size_t i = 0; i < outgoing->held_count; i++)
        if (outgoing->held[i].letter_id == letter_id)
            return &outgoing->held[i];
    return NULL;
}

static struct held *hold(struct outgoing *outgoing, int64_t letter_id)
{
    struct held *held = &outgoing->held[outgoing->held_count++];

    assert(outgoing->held_count <= HELD_MOST);
    *held = (struct held){ .letter_id = letter_id };
    return held;
}

static void let_go(struct outgoing *outgoing, struct held *held)
{
    *held = outgoing->held[--outgoing->held_count];
}

/* The courier has left: its letters are queued as before. */
static void forget_hand(struct outgoing *outgoing)
{
    size_t i = 0;

    if (outgoing->held_count > 0)
        outgoing->doubt_until = clock_now();
    while (i < outgoing->held_count) {
        if (outgoing->held[i].settling)
            i++;
        else
            let_go(outgoing, &outgoing->held[i]);
    }
}

/* ---- results ---- */

/* On the writer's thread. */
static enum rc write_result(struct writer *writer, int64_t now,
                            struct job *job, struct err *err)
{
    const struct result *result = (const struct result *)(void *)job;
    struct letter letter;
    int64_t changed;
    bool gone = false;

    if (result->all_again)
        return letter_retry(writer, now, 0, false, &changed, err);
    enum rc rc = letter_by_id(writer_reader(writer), result->arena,
                              result->letter_id, &letter, err);

    if (rc == RC_NOT_FOUND || (rc == RC_OK && letter.state != LETTER_QUEUED))
        return RC_OK; /* erased, or told twice */
    if (rc != RC_OK)
        return rc;
    if (result->dropped)
        letters_drop(&letter, now, result->in_doubt);
    else
        letters_settle(&letter, result->settings, now, result->delivery,
                       result->remark);
    rc = letter_update(writer, &letter, err);
    if (rc != RC_OK || letter.state == LETTER_QUEUED ||
        letter.registration_id == 0)
        return rc;
    rc = erase_after_letter(writer, letter.registration_id, &gone, err);
    job->changed = gone ? CHANGE_ERASED | CHANGE_LETTERS : 0;
    return rc;
}

static void outgoing_free(struct outgoing *outgoing)
{
    while (outgoing->unwritten) {
        struct arena *arena = outgoing->unwritten->arena;

        outgoing->unwritten = outgoing->unwritten->next;
        arena_free(&arena);
    }
    strays_free(&outgoing->strays);
    mem_free(outgoing);
}

/* Told once: a disk may stay full for hours, and the log may lie on it. */
static void complain(struct outgoing *outgoing, const struct result *result)
{
    if (!outgoing->unwritable)
        log_error("letter %" PRId64 ": its result is not written yet: %s",
                  result->letter_id, result->job.err.text);
    outgoing->unwritable = true;
}

/* The letter stays in hand: it went out already, and handing it out again
 * only because the disk is full would send it twice. */
static void put_off(struct outgoing *outgoing, struct result *result)
{
    result->next = outgoing->unwritten;
    outgoing->unwritten = result;
    evtimer_add(outgoing->again, &write_again);
}

static void result_done(struct job *job)
{
    struct result *result = (struct result *)(void *)job;
    struct outgoing *outgoing = result->outgoing;
    struct arena *arena = result->arena;
    struct held *held = find_held(outgoing, result->letter_id);

    outgoing->with_writer--;
    if (job->rc != RC_OK && !outgoing->closed) {
        complain(outgoing, result);
        put_off(outgoing, result);
        return;
    }
    outgoing->unwritable = false;
    if (held)
        let_go(outgoing, held);
    arena_free(&arena);
    if (!outgoing->closed)
        look_now(outgoing);
    else if (outgoing->with_writer == 0)
        outgoing_free(outgoing);
}

static void submit(struct outgoing *outgoing, struct result *result)
{
    result->settings = outgoing->settings;
    if (writing_submit(outgoing->writing, &result->job))
        outgoing->with_writer++;
    else
        put_off(outgoing, result);
}

static void on_again(evutil_socket_t fd, short what, void *context)
{
    struct outgoing *outgoing = context;
    struct result *result = outgoing->unwritten;

    (void)fd;
    (void)what;
    outgoing->unwritten = NULL;
    while (result) {
        struct result *next = result->next;

        submit(outgoing, result);
        result = next;
    }
}

static struct result *new_result(struct outgoing *outgoing,
                                 int64_t letter_id)
{
    struct arena *arena = arena_new();
    struct result *result = ARENA_NEW(arena, struct result);

    *result = (struct result){
        .job = { .run = write_result, .repeatable = true,
                 .done = result_done, .home = outgoing->home },
        .arena = arena,
        .outgoing = outgoing,
        .letter_id = letter_id,
    };
    return result;
}

static void settle(struct outgoing *outgoing, struct held *held,
                   enum delivery delivery, const char *remark)
{
    struct result *result = new_result(outgoing, held->letter_id);

    held->settling = true;
    counter_add(&outgoing->vitals->fates[delivery], 1);
    result->delivery = delivery;
    result->remark = delivery_remark(result->arena, remark);
    submit(outgoing, result);
}

static void drop(struct outgoing *outgoing, struct held *held,
                 const struct letter *letter)
{
    struct result *result = new_result(outgoing, held->letter_id);

    held->settling = true;
    counter_add(&outgoing->vitals->fates[FATE_DROPPED], 1);
    result->dropped = true;
    result->in_doubt = letter->invite_id != 0 &&
                       letter->created_at <= outgoing->doubt_until;
    submit(outgoing, result);
}

/* ---- letters ---- */

static void give(struct outgoing *outgoing, const struct letter *letter,
                 const struct parts *parts)
{
    const char *bodies[PARTS_BODIES];
    size_t count = parts_bodies(parts, bodies);

    outgoing->credits--;
    counter_add(&outgoing->vitals->letters_given, 1);
    door_send(outgoing->courier,
              json_pack("{s:I, s:o}", "letter", (json_int_t)letter->id,
                        "parts", parts_pack(parts)));
    for (size_t i = 0; i < count; i++)
        door_send_bytes(outgoing->courier, bodies[i], strlen(bodies[i]));
}

/* A letter that cannot be rendered waits like one that the relay does not
 * take now, so that it does not hold up the others. */
static void render_and_give(struct outgoing *outgoing, int64_t now,
                            const struct letter *letter)
{
    struct held *held = hold(outgoing, letter->id);
    struct arena *arena = arena_new();
    struct parts parts;
    struct err err;
    bool still_true;

    if (letters_render(outgoing->reader, arena, outgoing->settings,
                       outgoing->keys, now, letter, &still_true, &parts,
                       &err) != RC_OK) {
        log_error("letter %" PRId64 ": %s", letter->id, err.text);
        settle(outgoing, held, DELIVERY_LATER, err.text);
    } else if (!still_true) {
        log_info("letter %" PRId64 ": no longer true, dropped", letter->id);
        drop(outgoing, held, letter);
    } else {
        give(outgoing, letter, &parts);
    }
    arena_free(&arena);
}

static enum rc give_due(struct outgoing *outgoing, struct arena *arena,
                        int64_t now, struct err *err)
{
    int64_t most = outgoing->credits + (int64_t)outgoing->held_count;
    struct letters due;

    if (outgoing->credits == 0)
        return RC_OK;
    if (letter_due(outgoing->reader, arena, now, most, &due, err) != RC_OK)
        return RC_FAIL;
    for (size_t i = 0; i < due.count; i++) {
        if (outgoing->credits == 0 || outgoing->held_count == HELD_MOST)
            break;
        if (!find_held(outgoing, due.items[i].id))
            render_and_give(outgoing, now, &due.items[i]);
    }
    return RC_OK;
}

static enum rc plan_next_look(struct outgoing *outgoing, int64_t now,
                              struct err *err)
{
    struct timeval wait = { 0, 0 };
    int64_t next;

    evtimer_del(outgoing->look);
    if (outgoing->credits == 0)
        return RC_OK; /* the next result brings a credit */
    if (letter_next_due(outgoing->reader, &next, err) != RC_OK)
        return RC_FAIL;
    if (next == INT64_MAX)
        return RC_OK;
    if (next <= now)
        wait.tv_sec = outgoing->held_count > 0 ? LOOK_SOON : LOOK_LATER;
    else
        wait.tv_sec = next - now < LOOK_MOST ? next - now : LOOK_MOST;
    evtimer_add(outgoing->look, &wait);
    return RC_OK;
}

/* Letters that wait for an hour which has been there already would wait for
 * it once more. */
static void notice_clock(struct outgoing *outgoing, int64_t now)
{
    int64_t booted = now - clock_ticks_ms() / 1000;

    if (outgoing->booted && booted < outgoing->booted - CLOCK_SLACK) {
        log_warn("the clock was set back by %" PRId64 " s: letters that wait "
                 "are tried now", outgoing->booted - booted);
        struct result *result = new_result(outgoing, 0);
        result->all_again = true;
        submit(outgoing, result);
    }
    outgoing->booted = booted;
}

static void on_look(evutil_socket_t fd, short what, void *context)
{
    const struct timeval wait = { TROUBLE_WAIT, 0 };
    struct outgoing *outgoing = context;
    struct arena *arena;
    int64_t now = clock_now();
    struct err err;

    (void)fd;
    (void)what;
    if (!outgoing->courier)
        return;
    notice_clock(outgoing, now);
    arena = arena_new();
    if (give_due(outgoing, arena, now, &err) == RC_OK &&
        strays_tell(outgoing->strays, outgoing->courier, &err) == RC_OK &&
        plan_next_look(outgoing, now, &err) == RC_OK) {
        outgoing->in_trouble = false;
    } else {
        if (!outgoing->in_trouble)
            log_error("letters cannot be read: %s", err.text);
        outgoing->in_trouble = true;
        evtimer_add(outgoing->look, &wait);
    }
    arena_free(&arena);
}

/* Letters are due, or there are people to write them to. */
static void on_letters(evutil_socket_t fd, short what, void *context)
{
    struct outgoing *outgoing = context;
    uint64_t count;

    (void)what;
    if (read(fd, &count, sizeof count) <= 0)
        return;
    telling_wake(outgoing->telling);
    look_now(outgoing);
}

/* ---- the courier ---- */

static void greet(struct outgoing *outgoing, struct door_peer *peer)
{
    if (outgoing->courier) {
        log_warn("a newer courier takes over");
        door_dismiss(outgoing->courier);
        forget_hand(outgoing);
        strays_left(outgoing->strays);
    } else {
        log_info("a courier is here");
    }
    outgoing->courier = peer;
    outgoing->credits = 0;
    counter_set(&outgoing->vitals->courier_here, 1);
}

static bool take_ready(struct outgoing *outgoing, struct door_peer *peer,
                       const json_t *ready)
{
    json_int_t more = json_integer_value(ready);

    if (!json_is_integer(ready) || more < 1 || more > CREDITS_MOST)
        return false;
    if (peer != outgoing->courier)
        greet(outgoing, peer);
    outgoing->credits += more;
    if (outgoing->credits > CREDITS_MOST)
        outgoing->credits = CREDITS_MOST;
    look_now(outgoing);
    return true;
}

/* Also of a letter that is not in hand: the courier may have had it since
 * before this process began, and what was sent must not be sent again. */
static bool take_done(struct outgoing *outgoing, const json_t *message)
{
    const json_t *id = json_object_get(message, "done");
    const char *remark = json_string_value(json_object_get(message, "remark"));
    enum delivery delivery;
    struct held *held;

    if (!json_is_integer(id) || !remark ||
        !delivery_parse(
            json_string_value(json_object_get(message, "delivery")),
            &delivery))
        return false;
    held = find_held(outgoing, json_integer_value(id));
    if (!held && outgoing->held_count == HELD_MOST)
        return false;
    if (!held)
        held = hold(outgoing, json_integer_value(id));
    if (!held->settling)
        settle(outgoing, held, delivery, remark);
    return true;
}

static void on_said(struct door_peer *peer, const json_t *message,
                    void *context)
{
    struct outgoing *outgoing = context;
    const json_t *ready = json_object_get(message, "ready");
    const json_t *gone = json_object_get(message, "forgotten");
    bool fine = ready  ? take_ready(outgoing, peer, ready)
                : gone ? strays_told(outgoing->strays, gone)
                       : take_done(outgoing, message);

    if (!fine) {
        log_warn("the courier says what nobody understands");
        door_dismiss(peer);
    }
}

static void on_left(struct door_peer *peer, void *context)
{
    struct outgoing *outgoing = context;

    if (peer != outgoing->courier)
        return;
    log_info("the courier has left");
    outgoing->courier = NULL;
    counter_set(&outgoing->vitals->courier_here, 0);
    outgoing->credits = 0;
    evtimer_del(outgoing->look);
    forget_hand(outgoing);
    strays_left(outgoing->strays);
}

/* ---- its life ---- */

static enum rc open_door(struct outgoing *outgoing, struct event_base *base,
                         struct err *err)
{
    struct arena *arena = arena_new();
    const struct door_rules rules = {
        .path = arena_printf(arena, "%s/courier.sock",
                             outgoing->settings->run_dir),
        .mode = 0660,
        .group = outgoing->settings->courier_group,
        .line_most = LINE_MOST,
        .peers_most = PEERS_MOST,
        .said = on_said,
        .left = on_left,
        .context = outgoing,
    };
    enum rc rc = door_open(base, &rules, &outgoing->door, err);

    arena_free(&arena);
    return rc;
}

enum rc outgoing_open(struct event_base *base,
                      const struct settings *settings,
                      const struct keyring *keys, struct reader *reader,
                      struct writing *writing, struct mailbox *jobs_home,
                      int letters_fd, struct outgoing **out, struct err *err)
{
    struct outgoing *outgoing = mem_new(sizeof *outgoing);

    outgoing->settings = settings;
    outgoing->vitals = &outgoing->uncounted;
    outgoing->keys = keys;
    outgoing->reader = reader;
    outgoing->writing = writing;
    outgoing->home = jobs_home;
    outgoing->strays = strays_new(reader, writing, jobs_home);
    outgoing->doubt_until = clock_now();
    if (open_door(outgoing, base, err) != RC_OK) {
        strays_free(&outgoing->strays);
        mem_free(outgoing);
        return RC_FAIL;
    }
    outgoing->letters = event_new(base, letters_fd, EV_READ | EV_PERSIST,
                                  on_letters, outgoing);
    outgoing->look = evtimer_new(base, on_look, outgoing);
    outgoing->again = evtimer_new(base, on_again, outgoing);
    assert(outgoing->letters && outgoing->look &&
           outgoing->again);
    (void)event_add(outgoing->letters, NULL);
    outgoing->telling = telling_start(base, reader, writing, jobs_home);
    *out = outgoing;
    return RC_OK;
}

void outgoing_adopt(struct outgoing *outgoing,
                    const struct settings *settings)
{
    outgoing->settings = settings;
}

void outgoing_count(struct outgoing *outgoing, struct vitals *vitals)
{
    outgoing->vitals = vitals;
}

void outgoing_close(struct outgoing **pointer)
{
    struct outgoing *outgoing = *pointer;

    *pointer = NULL;
    if (!outgoing)
        return;
    door_close(&outgoing->door);
    telling_close(&outgoing->telling);
    event_free(outgoing->letters);
    event_free(outgoing->look);
    event_free(outgoing->again);
    outgoing->closed = true;
    if (outgoing->with_writer == 0)
        outgoing_free(outgoing);
}
