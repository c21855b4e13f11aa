/* The inside of the server, for server.c, reload.c and pulse.c only. All of it
 * belongs to the main thread. */
#ifndef CONVENED_SERVER_ROOMS_H
#define CONVENED_SERVER_ROOMS_H

#include <stdatomic.h>
#include <stdbool.h>

#include "daemon/base/mailbox.h"
#include "daemon/base/notify.h"
#include "daemon/child.h"
#include "daemon/control.h"
#include "daemon/crew.h"
#include "daemon/edition.h"
#include "daemon/listen.h"
#include "daemon/outgoing.h"
#include "daemon/server.h"
#include "daemon/state.h"
#include "daemon/timers.h"
#include "web/vitals.h"

struct event;
struct event_base;

/* An edition that was replaced: its crew still has visitors, or a job of its
 * time is still with the writer. */
struct retired {
    struct job fence; /* first; home again: no older job is left */
    struct retired *next;
    struct edition *edition;
    struct crew *crew; /* NULL: over */
    bool fenced;       /* the fence is out */
    bool clear;        /* and home again */
};

/* In the order of their beginning; ended in the reverse order. */
struct server {
    const struct server_options *options;
    struct arena *arena;
    bool had_terminal;
    int state_fd, letters_fd;
    struct notify *notify;
    struct state state;
    struct listening listening;
    struct reader *reader;
    struct event_base *base;
    struct mailbox *jobs_home;
    struct event *on_jobs, *on_term, *on_int, *on_hup, *stop_tick;
    struct writing *writing;
    struct helpers *helpers;
    struct timers *timers;
    struct control *control;
    struct outgoing *outgoing;
    struct child *child;
    atomic_int exports;
    struct vitals vitals;

    struct edition *edition; /* in force */
    struct crew *crew;
    struct retired *retired; /* the newest first */
    struct event *sweep;

    struct pulse *pulse;
    int64_t stop_by_ms; /* 0: not stopping */
    int calm;
};

/* server.c */
MUST_USE enum rc server_start_crew(struct server *, const struct edition *,
                                   struct crew **, struct err *);

/* reload.c: reads the configuration again and lets a new crew take over, or
 * says all faults and changes nothing. */
void server_reload(struct server *);
void server_sweep_open(struct server *);
bool server_retired_are_over(const struct server *);
/* Of all that were replaced, once the writer has finished. */
void server_retired_end(struct server *);

/* pulse.c: what the service manager hears. Nothing, if nobody listens. */
void pulse_start(struct server *);
void pulse_stop(struct server *);

#endif
