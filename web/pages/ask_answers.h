/* What somebody answered to a meeting's questions, once it was said: read,
 * shown as lines, and packed into a text that travels in a receipt. */
#ifndef CONVENED_PAGES_ASK_ANSWERS_H
#define CONVENED_PAGES_ASK_ANSWERS_H

#include "daemon/base/err.h"
#include "daemon/model/question.h"
#include "web/view/views.h"

struct arena;
struct reader;

struct ask_given {
    struct questions questions; /* of the meeting */
    struct answers answers;     /* of the registration */
};

MUST_USE enum rc ask_given_load(struct reader *, struct arena *,
                                int64_t meeting_id, int64_t registration_id,
                                struct ask_given *, struct err *);

/* Adds a line for each question that was answered to those that are there. */
void ask_entries(struct arena *, enum lang, const struct questions *,
                 const struct answers *, struct view_entries *);

/* At most `most` bytes, without NUL; long answers are cut, and if that is not
 * enough the last are left out. */
const char *ask_pack(struct arena *, const struct answers *, size_t most);
/* What ask_pack() made. False: it did not. */
bool ask_unpack(struct arena *, const char *, struct answers *);

#endif
