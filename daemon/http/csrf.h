/* Was this POST sent by a page of ours? Sec-Fetch-Site decides where it is
 * sent; else Origin must be ours; with neither, only a valid token in the
 * form counts, which desk forms must carry in any case. Public forms carry a
 * stamp: a MAC over their subject and the second in which they were shown,
 * the same for everyone in that second, so that pages can be prebuilt. */
#ifndef CONVENED_HTTP_CSRF_H
#define CONVENED_HTTP_CSRF_H

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct keyring;
struct request;
struct settings;

enum origin_verdict { ORIGIN_OURS, ORIGIN_FOREIGN, ORIGIN_UNKNOWN };

enum origin_verdict csrf_origin(const struct request *,
                                const struct settings *);
/* "second.MAC" */
char *stamp_make(struct arena *, const struct keyring *, const char *subject,
                 int64_t now);

enum stamp_verdict { STAMP_OK, STAMP_OLD, STAMP_FALSE };
#define STAMP_LIFE (24 * 3600) /* EXPERIENCE A14 */

/* *shown_at: the second in which the form was shown; 0 with STAMP_FALSE. */
enum stamp_verdict stamp_check(const struct keyring *, const char *subject,
                               const char *stamp, int64_t now,
                               int64_t *shown_at);

/* For a form that comes back: the stamp that was sent with it while it is
 * good, else a new one. Whoever mends one field is quick, and has had the form
 * for long. */
const char *stamp_again(struct arena *, const struct keyring *,
                        const char *subject, const char *sent, int64_t now);

#endif
