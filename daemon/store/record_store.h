/* What we hold about one person beside the registration itself, for the copy
 * that everybody may have (DSGVO Art. 15). */
#ifndef CONVENED_STORE_RECORD_STORE_H
#define CONVENED_STORE_RECORD_STORE_H

#include "daemon/model/letter.h"
#include "daemon/store/db.h"

struct arena;

struct record_letters {
    struct letter *items; /* without registration, invite and due time */
    size_t count;
};
/* Oldest first. */
MUST_USE enum rc record_letters(struct reader *, struct arena *,
                                int64_t registration_id,
                                struct record_letters *, struct err *);

/* A line of the audit log, and the values that go with it. */
struct record_deed {
    int64_t id, at, actor; /* actor as in struct audit */
    const char *deed;
};
struct record_deeds {
    struct record_deed *items;
    size_t count;
};
MUST_USE enum rc record_deeds(struct reader *, struct arena *,
                              int64_t registration_id, struct record_deeds *,
                              struct err *);

struct record_value {
    int64_t at;
    const char *field, *was, *became; /* NULL: nothing */
};
struct record_values {
    struct record_value *items;
    size_t count;
};
MUST_USE enum rc record_values(struct reader *, struct arena *,
                               int64_t person_id, struct record_values *,
                               struct err *);

/* When the address was first proven, 0: not; and when letters to it were
 * asked for by a form, of late. */
struct record_address {
    int64_t proven_at;
    int64_t *steps;
    size_t step_count;
};
MUST_USE enum rc record_address(struct reader *, struct arena *,
                                const char *address_key,
                                struct record_address *, struct err *);

/* What somebody wrote in their own words, and what was written to them, each
 * of at least `least` bytes; alone: nobody else's has that in it. Reads
 * all of them. */
struct record_text {
    const char *words;
    bool alone;
};
struct record_texts {
    struct record_text *items;
    size_t count;
};
MUST_USE enum rc record_texts(struct reader *, struct arena *,
                              int64_t registration_id, int64_t least,
                              struct record_texts *, struct err *);

#endif
