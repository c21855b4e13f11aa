/* Answering a request. Exactly one of the respond_ functions is called per
 * request, at once or later from the same loop; after it the request may be
 * gone. The full set of security fields goes on every answer, by the route's
 * privacy (RELIABILITY section 5). Never called from another thread. */
#ifndef CONVENED_HTTP_RESPONSE_H
#define CONVENED_HTTP_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/http/request.h"

struct answer;
struct str;

/* A further field for the answer to come; copied. Values with control
 * characters are our mistake (assert), and so is Set-Cookie outside the desk
 * (PRIVACY_DESK). "Cache-Control" replaces the default, which is no-cache,
 * no-store for errors; personal and desk routes are no-store anyway. */
void response_field(struct request *, const char *name, const char *value);

/* `body` must live in the request's arena or be constant. */
void respond(struct request *, int status, const char *type,
             const void *body, size_t length);
void respond_html(struct request *, int status, const struct str *body);
void respond_text(struct request *, int status, const char *words);
/* Only fixed local targets: `path` begins with one '/'. */
void respond_redirect(struct request *, int status, const char *path);
/* The error page of that status in the site's own dress. `words` (may be
 * NULL) says what to do, already in the request's language. */
void respond_error(struct request *, int status, const char *words);
/* A prebuilt answer, or its 304; decides by If-None-Match,
 * If-Modified-Since, Accept-Encoding and method. Takes no reference. */
void respond_answer(struct request *, struct answer *);

/* A long answer in pieces. `more` is called whenever less than 64 KiB wait
 * to be sent; it adds bytes with stream_write() now or, from the same loop,
 * later, and is not called again before it did; stream_end() finishes. `gone`
 * is called instead, once, if the client left or the answer deadline passed
 * (which begins anew with every MiB that was sent); after either the request
 * is gone. HEAD needs no bytes: `gone` is called from respond_stream().
 * HTTP/1.1 gets chunks, HTTP/1.0 the end of the connection. */
struct stream {
    void (*more)(struct request *, void *context);
    void (*gone)(struct request *, void *context);
    void *context;
};
void respond_stream(struct request *, int status, const char *type,
                    const struct stream *);
void stream_write(struct request *, const void *, size_t);
void stream_end(struct request *);
/* The rest cannot be had: resets the connection without the last chunk, so
 * that nobody takes the answer for whole. Neither `more` nor `gone` follows. */
void stream_break(struct request *);

/* For a handler that goes on after returning (writer, helper, timer): the
 * request lives until it is answered, though its client may leave. */

#endif
