/* The inside of the courier, for courier.c, which lives and takes signals, and
 * courier_talk.c, which talks with the server and hands letters on. */
#ifndef CONVENED_MAIL_COURIER_TALK_H
#define CONVENED_MAIL_COURIER_TALK_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/un.h>

#include "daemon/mail/courier.h"
#include "daemon/mail/delivery.h"

struct bufferevent;
struct evbuffer;
struct event;
struct event_base;
struct notify;
struct smtp;

#define COURIER_UNDER_WAY_MOST 64
/* Milliseconds until the door is knocked at again, at first. */
#define COURIER_BACK_OFF_LEAST 200

struct courier {
    const struct settings *settings;
    const struct courier_source *source;
    struct arena *next_arena; /* of the settings that come next */
    struct settings *next;    /* NULL: these go on */
    struct notify *notify;
    struct event_base *base;
    struct smtp *smtp; /* NULL: letters become files */
    struct event *reconnect, *deadline, *beat, *on_signal;
    struct sockaddr_un address;
    struct bufferevent *door;
    bool connected;
    bool told_lost; /* the log knows that the door is closed */
    int back_off;   /* milliseconds */
    int asked;      /* letters that the server may still give us */
    int64_t under_way[COURIER_UNDER_WAY_MOST];
    size_t under_way_count;
    json_t *head;            /* a letter whose bodies are still coming */
    size_t bodies;           /* their bytes */
    struct evbuffer *unsaid; /* results that found the door closed */
    bool stopping;
};

/* Knocks at the server's door, again and again until it opens. */
void courier_connect(struct courier *);

/* Ends the loop when nothing is under way and all is said; to begin anew,
 * nothing may be left that only a later connection could say. */
void courier_stop_if_idle(struct courier *);

/* What became of a letter under way (smtp_new's callback). */
void courier_sent(void *courier, int64_t letter_id, enum delivery,
                  const char *remark);

#endif
