/* The inside of daemon/http, for its own files only: what a loop, one of its
 * connections and one exchange on it consist of. */
#ifndef CONVENED_HTTP_WIRE_H
#define CONVENED_HTTP_WIRE_H

#include <sys/queue.h>
#include <sys/uio.h>

#include "daemon/base/str.h"
#include "daemon/http/connection.h"
#include "daemon/http/meter.h"
#include "daemon/http/parser.h"
#include "daemon/http/response.h"
#include "daemon/http/route.h"

struct bufferevent;
struct event;

/* What a connection waits for; each has a deadline of its own. */
enum phase {
    PHASE_FIRST,  /* its first request: from accept to the end of the head */
    PHASE_IDLE,   /* the next request's first byte */
    PHASE_HEAD,   /* the rest of that request's head */
    PHASE_BODY,   /* the rest of a body */
    PHASE_ANSWER, /* the handler, and the client taking the answer */
    PHASE_LINGER, /* the client reading our last words before we close */
    PHASE_COUNT,
};

/* How many connections one address has. */
struct peer {
    struct peer *next;
    struct netaddr address; /* IPv6: its /64 */
    int64_t connections;
};

struct connection {
    TAILQ_ENTRY(connection) line; /* of its phase, oldest deadline first */
    struct http *http;
    struct bufferevent *stream;
    struct exchange *exchange; /* NULL between requests */
    struct peer *peer;         /* NULL: not counted */
    struct netaddr address;
    int64_t deadline; /* clock_ticks_ms() */
    int fd;
    enum phase phase;
    bool running; /* in run(): whoever closes it only dooms it */
    bool doomed;
    bool ended; /* the client sent its end of file */
    bool muted; /* reading stopped: too much was sent ahead */
    bool operators; /* came in by their entrance */
};

TAILQ_HEAD(connections, connection);

/* One request and its answer. */
struct exchange {
    struct request request; /* first: the one is the other's handle */
    struct http *http;
    struct parser *parser;
    const char *target; /* as sent */
    struct route_match match;
    int64_t began; /* clock_ticks_us() */
    bool refused;  /* by the parser or before the router */
    bool close;    /* after the answer */
    bool client_closes; /* because the client wishes so */
    bool answered;
    int status;
    uint64_t bytes; /* of the answer */

    struct str extra; /* further fields */
    bool has_cache_control;
    struct answer *answer; /* held until it is sent */

    bool streaming, chunked;
    bool asked; /* `more` was called and has added nothing yet */
    struct stream stream;
    uint64_t renewed_at; /* bytes sent when the deadline was set */
};

struct listener {
    struct listener *next;
    struct http *http;
    struct event *event;
    int fd;
    bool operators;
};

#define PRIVACY_KINDS (PRIVACY_FEED + 1)
#define PEER_BUCKETS 4096

struct http {
    struct event_base *base;
    const struct router *router;
    const struct settings *settings;
    struct site *site;
    struct routes *routes;
    char *security[PRIVACY_KINDS]; /* the fields of fields.h, ready */
    char date_line[40];            /* "Date: …\r\n" */
    int64_t date_at;
    uint64_t next_id;
    struct meter *meter;
    size_t exchanges; /* not yet freed, whoever works on them */

    struct connections lines[PHASE_COUNT];
    struct event *deadline_timer;
    int64_t deadline_set; /* what the timer waits for; 0: nothing */

    struct listener *listeners;
    struct peer **peers;
    bool paused;
    bool starved; /* the system is: not even a close resumes at once */
    struct event *resume_timer;
    int64_t complained_at;      /* clock_ticks_ms() of the last warning */

    bool draining;
    struct event *drain_timer, *grace_timer;
    void (*idle)(void *);
    void *idle_context;
};

/* deadline.c: moves the connection to the end of its phase's line. */
void deadline_set(struct connection *, enum phase);
void deadline_init(struct http *);
void deadline_end(struct http *);

/* listener.c */
void listener_pause(struct http *);
void listener_resume(struct http *);
void listener_stop(struct http *);
void listener_release(struct http *, struct peer *);

/* connection.c */
void connection_open(struct listener *, int fd, const struct netaddr *,
                     struct peer *);
void connection_close(struct connection *);
/* Closes with a reset, which nobody takes for the end of an answer. */
void connection_break(struct connection *);
void connection_expire(struct connection *);
/* Who may go in a full house: the one that has been idle longest between
 * requests, or has not said anything for a while. NULL: nobody. */
struct connection *connection_dispensable(struct http *);
bool connection_is_idle(const struct connection *);
/* Sends a whole answer: `parts` are copied but for the last one, which must
 * live as long as the exchange. After it the exchange may be gone. */
void connection_send(struct exchange *, const struct iovec *parts,
                     size_t count);
/* Queues bytes of a stream (copied). */
void connection_queue(struct exchange *, const void *, size_t);
/* No further bytes will be queued. */
void connection_finish_stream(struct exchange *);

/* exchange.c */
struct exchange *exchange_new(struct connection *);
void exchange_take_head(struct exchange *, const struct netaddr *peer);
/* Its end, for the log and for the meter. */
void exchange_note(const struct exchange *);
void exchange_free(struct exchange **);
static inline struct exchange *exchange_of(struct request *request)
{
    return (struct exchange *)(void *)request;
}

/* response.c: a refusal before there is a route, in a few words. */
void respond_refusal(struct exchange *, int status);
void respond_elsewhere(struct exchange *, int status, const char *url);

/* stream.c */
void stream_pump(struct exchange *);

/* http.c */
const char *http_date_line(struct http *);
void http_check_drained(struct http *);

#endif
