#include "daemon/mail/courier_talk.h"

#include <assert.h>
#include <errno.h>
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>

#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/base/text.h"
#include "daemon/mail/mime.h"
#include "daemon/mail/parts.h"
#include "daemon/mail/smtp.h"
#include "daemon/mail/spool.h"

#define LINE_MOST ((size_t)1 << 20)
#define MESSAGE_MOST ((size_t)1 << 20)
/* Letters asked for at a time when they become files. */
#define SPOOL_ROOM 4
#define BACK_OFF_MOST 5000

/* ---- what we tell the server ---- */

static int append(const char *bytes, size_t length, void *buffer)
{
    return evbuffer_add(buffer, bytes, length);
}

static void say(struct courier *courier, json_t *message)
{
    struct evbuffer *out = courier->connected
                               ? bufferevent_get_output(courier->door)
                               : courier->unsaid;
    int dumped = json_dump_callback(message, append, out, JSON_COMPACT);

    assert(dumped == 0);
    evbuffer_add(out, "\n", 1);
    json_decref(message);
}

/* A relay's free words may name somebody: the log gets its code alone. */
static void log_delivery(int64_t letter_id, enum delivery delivery,
                         const char *remark)
{
    int code = (int)strspn(remark, "0123456789.- ");

    if (delivery == DELIVERY_SENT)
        log_info("letter %" PRId64 ": sent", letter_id);
    else
        log_warn("letter %" PRId64 ": %s (%.*s)", letter_id,
                 delivery_word(delivery),
                 code > 0 ? code : (int)strlen(remark), remark);
}

static void say_done(struct courier *courier, int64_t letter_id,
                     enum delivery delivery, const char *remark)
{
    if (!text_is_utf8(remark, strlen(remark)))
        remark = "";
    log_delivery(letter_id, delivery, remark);
    say(courier, json_pack("{s:I, s:s, s:s}", "done", (json_int_t)letter_id,
                           "delivery", delivery_word(delivery), "remark",
                           remark));
}

static void ask_for_letters(struct courier *courier)
{
    int room = courier->smtp != NULL ? smtp_room(courier->smtp) : SPOOL_ROOM;
    int more = room - courier->asked;

    if (more <= 0 || !courier->connected || courier->stopping ||
        courier->next)
        return;
    courier->asked += more;
    say(courier, json_pack("{s:i}", "ready", more));
}

/* ---- letters under way ---- */

static size_t find_under_way(const struct courier *courier, int64_t letter_id)
{
    size_t i = 0;

    while (i < courier->under_way_count &&
           courier->under_way[i] != letter_id)
        i++;
    return i;
}

void courier_stop_if_idle(struct courier *courier)
{
    if (courier->under_way_count > 0)
        return;
    if (!courier->stopping &&
        (!courier->next || evbuffer_get_length(courier->unsaid) > 0))
        return;
    if (courier->connected &&
        evbuffer_get_length(bufferevent_get_output(courier->door)) > 0)
        return;
    event_base_loopbreak(courier->base);
}

void courier_sent(void *context, int64_t letter_id, enum delivery delivery,
                    const char *remark)
{
    struct courier *courier = context;
    size_t i = find_under_way(courier, letter_id);

    assert(i < courier->under_way_count);
    courier->under_way[i] = courier->under_way[--courier->under_way_count];
    say_done(courier, letter_id, delivery, remark);
    ask_for_letters(courier);
    courier_stop_if_idle(courier);
}

static void spool(struct courier *courier, struct arena *arena,
                  int64_t letter_id, const struct parts *parts,
                  const struct str *message)
{
    struct err err;

    if (spool_write(arena, courier->settings->mail_spool, letter_id, parts,
                    message->data, message->length, &err) == RC_OK)
        say_done(courier, letter_id, DELIVERY_SENT, "written to the spool");
    else
        say_done(courier, letter_id, DELIVERY_LATER, err.text);
}

static void deliver(struct courier *courier, struct arena *arena,
                    int64_t letter_id, const json_t *object,
                    const char *bodies)
{
    struct parts parts;
    struct str message;

    if (!parts_unpack(arena, object, bodies, &parts)) {
        say_done(courier, letter_id, DELIVERY_LATER,
                 "the courier does not understand this letter");
        return;
    }
    str_init(&message, arena, MESSAGE_MOST);
    mime_write(&parts, &message);
    if (message.overflow) {
        say_done(courier, letter_id, DELIVERY_LATER, "too long for a letter");
    } else if (!courier->smtp) {
        spool(courier, arena, letter_id, &parts, &message);
    } else {
        assert(courier->under_way_count < COURIER_UNDER_WAY_MOST);
        courier->under_way[courier->under_way_count++] = letter_id;
        smtp_send(courier->smtp, letter_id, parts.from_address,
                  parts.to_address, message.data, message.length);
    }
}

/* ---- what the server tells us ---- */

static void take_letter(struct courier *courier, int64_t letter_id,
                        const json_t *object, const char *bodies)
{
    if (courier->asked > 0)
        courier->asked--;
    if (courier->stopping || courier->next)
        return;
    /* The server forgot, over a restart, that we have it already: the one
     * result answers both. */
    if (find_under_way(courier, letter_id) == courier->under_way_count) {
        struct arena *arena = arena_new();

        deliver(courier, arena, letter_id, object, bodies);
        arena_free(&arena);
    }
    ask_for_letters(courier);
}

/* Files of letters to people who were erased. Also where letters go to a
 * relay: that may have been otherwise once. */
static bool take_forget(struct courier *courier, const json_t *list)
{
    json_t *forgotten = json_array(), *pair;
    struct arena *arena = arena_new();
    bool fine = json_is_array(list);
    size_t i;

    json_array_foreach(list, i, pair) {
        json_int_t id, written_at;
        struct err err;

        fine = fine && json_unpack(pair, "[I, I]", &id, &written_at) == 0;
        if (!fine)
            break;
        if (spool_forget(arena, courier->settings->mail_spool, id,
                         written_at, &err) == RC_OK)
            json_array_append_new(forgotten, json_integer(id));
        else
            log_warn("letter %" PRId64 ": %s", (int64_t)id, err.text);
    }
    arena_free(&arena);
    if (fine)
        say(courier, json_pack("{s:o}", "forgotten", forgotten));
    else
        json_decref(forgotten);
    return fine;
}

/* A letter waits for its bodies. */
static bool take_message(struct courier *courier, json_t *message)
{
    const json_t *object = json_object_get(message, "parts");
    const json_t *forget = json_object_get(message, "forget");

    if (forget)
        return take_forget(courier, forget);
    if (!json_is_integer(json_object_get(message, "letter")) ||
        !json_is_object(object) ||
        !parts_announced(object, &courier->bodies))
        return false;
    courier->head = json_incref(message);
    return true;
}

static void take_bodies(struct courier *courier, struct evbuffer *in)
{
    json_t *head = courier->head;
    size_t length = courier->bodies;
    const char *bodies = length > 0
        ? (const char *)evbuffer_pullup(in, (ev_ssize_t)length) : "";

    courier->head = NULL;
    courier->back_off = COURIER_BACK_OFF_LEAST;
    take_letter(courier, json_integer_value(json_object_get(head, "letter")),
                json_object_get(head, "parts"), bodies);
    json_decref(head);
    (void)evbuffer_drain(in, length);
}

/* Takes the next whole line out of `in`, if there is one. */
static bool next_line(struct evbuffer *in, json_t **message)
{
    size_t end;
    struct evbuffer_ptr at =
        evbuffer_search_eol(in, NULL, &end, EVBUFFER_EOL_LF);
    const unsigned char *line;

    if (at.pos < 0)
        return false;
    line = evbuffer_pullup(in, at.pos + (ev_ssize_t)end);
    *message = json_loadb((const char *)line, (size_t)at.pos,
                          JSON_REJECT_DUPLICATES, NULL);
    (void)evbuffer_drain(in, (size_t)at.pos + end);
    return true;
}

/* ---- the door ---- */

static void wait_and_reconnect(struct courier *courier)
{
    struct timeval wait = { .tv_sec = courier->back_off / 1000,
                            .tv_usec = (courier->back_off % 1000) * 1000 };

    if (courier->door)
        bufferevent_free(courier->door);
    courier->door = NULL;
    json_decref(courier->head);
    courier->head = NULL;
    courier->connected = false;
    courier->asked = 0;
    evtimer_add(courier->reconnect, &wait);
    courier->back_off *= 2;
    if (courier->back_off > BACK_OFF_MOST)
        courier->back_off = BACK_OFF_MOST;
    courier_stop_if_idle(courier);
}

static void lose_door(struct courier *courier, const char *why)
{
    if (!courier->told_lost)
        log_warn("the server's door: %s; trying again until it opens", why);
    courier->told_lost = true;
    wait_and_reconnect(courier);
}

static void on_door_read(struct bufferevent *door, void *context)
{
    struct courier *courier = context;
    struct evbuffer *in = bufferevent_get_input(door);
    json_t *message;

    for (;;) {
        if (courier->head && evbuffer_get_length(in) < courier->bodies)
            return;
        if (courier->head)
            take_bodies(courier, in);
        if (!next_line(in, &message))
            break;
        bool fine = take_message(courier, message);

        json_decref(message);
        if (!fine) {
            lose_door(courier, "says what is no letter");
            return;
        }
    }
    if (evbuffer_get_length(in) >= LINE_MOST)
        lose_door(courier, "sends a line that is too long");
}

static void on_door_written(struct bufferevent *door, void *context)
{
    (void)door;
    courier_stop_if_idle(context);
}

static void on_door_event(struct bufferevent *door, short what,
                          void *context)
{
    struct courier *courier = context;

    if (what & BEV_EVENT_CONNECTED) {
        courier->connected = true;
        courier->told_lost = false;
        log_info("connected to the server");
        /* Results first: what is told cannot be handed out again. */
        evbuffer_add_buffer(bufferevent_get_output(door), courier->unsaid);
        ask_for_letters(courier);
        return;
    }
    lose_door(courier, (what & BEV_EVENT_EOF)
                           ? "closed"
                           : evutil_socket_error_to_string(
                                 EVUTIL_SOCKET_ERROR()));
}

void courier_connect(struct courier *courier)
{
    struct bufferevent *door;

    if (courier->stopping)
        return;
    door = bufferevent_socket_new(courier->base, -1, BEV_OPT_CLOSE_ON_FREE);
    assert(door);
    courier->door = door;
    bufferevent_setcb(door, on_door_read, on_door_written, on_door_event,
                      courier);
    /* One byte more than a line, so that a line too long is noticed. */
    bufferevent_setwatermark(door, EV_READ, 0, LINE_MOST + 1);
    (void)bufferevent_enable(door, EV_READ | EV_WRITE);
    if (bufferevent_socket_connect(
            door, (const struct sockaddr *)(const void *)&courier->address,
            sizeof courier->address) != 0)
        lose_door(courier, strerror(errno));
}
