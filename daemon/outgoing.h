/* courier.sock: the server's side of the mail process. Knows only "give me
 * letters" and "this became of one". At most one courier is served; the
 * newest wins. What is in its hand is kept in memory only: if it leaves, its
 * letters are queued as before.
 *
 *   courier: {"ready": 4}                       four more may come
 *   server:  {"letter": 17, "parts": {…}}       struct parts, by field name
 *   courier: {"done": 17, "delivery": "sent", "remark": "250 2.0.0 Ok"}
 */
#ifndef CONVENED_OUTGOING_H
#define CONVENED_OUTGOING_H

#include "daemon/base/err.h"
#include "daemon/base/mailbox.h"
#include "daemon/model/settings.h"
#include "daemon/store/db.h"
#include "daemon/store/writing.h"

struct event_base;
struct keyring;
struct outgoing;
struct vitals;

/* `letters_fd`: the eventfd that the writer signals (writing_start). Reads
 * with `reader`, writes by jobs that come home to `jobs_home`, whose owner
 * (the same loop) calls job->done. */
MUST_USE enum rc outgoing_open(struct event_base *, const struct settings *,
                               const struct keyring *, struct reader *,
                               struct writing *, struct mailbox *jobs_home,
                               int letters_fd, struct outgoing **,
                               struct err *);
/* From now on with these settings; a result that is with the writer still has
 * the old ones. */
void outgoing_adopt(struct outgoing *, const struct settings *);
/* Counts there what goes out and what becomes of it. */
void outgoing_count(struct outgoing *, struct vitals *);
/* Results that the writer still has come home later: the mailbox must be
 * emptied once more after writing_stop(). */
void outgoing_close(struct outgoing **);

#endif
