/* What a handler works with: the rooms of one worker. Everything here
 * belongs to the worker's thread, or is immutable, or is made for sharing
 * (writing, helpers). */
#ifndef CONVENED_WEB_SITE_H
#define CONVENED_WEB_SITE_H

#include <stdatomic.h>

#include "daemon/base/helpers.h"
#include "daemon/base/mailbox.h"
#include "daemon/base/str.h"
#include "daemon/http/answer.h"
#include "daemon/http/router.h"
#include "daemon/model/settings.h"
#include "daemon/store/db.h"
#include "daemon/store/writing.h"

struct event_base;
struct laters;
struct limiter;
struct vitals;

struct site {
    const struct settings *settings;
    const struct keyring *keys;
    const char *database; /* its path, for readers of their own */
    struct reader *reader;
    struct writing *writing;
    struct helpers *helpers;
    struct mailbox *jobs_home;  /* job->home: done() runs on this loop */
    struct mailbox *tasks_home; /* task->home likewise */
    struct answers *answers;
    struct limiter *limiter; /* the router's */
    struct event_base *base;
    struct texts *texts; /* the operator's legal pages */
    atomic_int *exports; /* lists being downloaded, in the whole process */
    struct laters *laters;
    struct vitals *vitals;
    size_t guests; /* work begun on this loop that outlives its request, so
                      that the loop waits for it before it ends */
};

/* THE table (web/routes.c) and what the router is handed. */
extern const struct route site_routes[];
extern const size_t site_route_count;
enum rc site_find_login(struct request *, const char *secret, struct login *,
                        struct err *);
void site_need_login(struct request *);
void site_error_page(struct request *, int status, const char *words,
                     struct str *body);

#endif
