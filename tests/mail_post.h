/* The made-up house (store_house.h) with a key and what letters need: signs
 * people up, cancels, and renders what the outbox then holds. */
#ifndef CONVENED_TESTS_MAIL_POST_H
#define CONVENED_TESTS_MAIL_POST_H

#include "daemon/mail/letters.h"
#include "daemon/model/registration.h"
#include "tests/store_house.h"

struct post {
    struct house *house;
    struct keyring *keys;
};

int post_open(void **state); /* cmocka's setup: *state is the post */
int post_close(void **state);

/* Changes what house_signup() made, before it is placed. */
typedef void post_change(struct signup *);
struct registration post_register(struct post *, const char *address,
                                  post_change *);
void post_cancel(struct post *, int64_t now, const struct registration *);
void post_undo(struct post *, int64_t now, const struct registration *);
/* Calls the house's meeting off and writes all the letters about it. */
void post_call_off(struct post *, const struct bilingual *reason);
/* Writes the house's meeting, changed by the test, into the database. */
void post_edit_meeting(struct post *);
void post_edit_alliance(struct post *);

/* The newest letter of that kind; fails the test if there is none. */
struct letter post_letter(struct post *, const struct registration *,
                          enum letter_kind);
void post_settle(struct post *, const struct letter *, enum delivery);
/* Still true at `now`? Then *parts is set. */
bool post_render(struct post *, int64_t now, const struct letter *,
                 struct parts *);
/* The parts of the newest letter of that kind, which must still be true. */
struct parts post_parts(struct post *, const struct registration *,
                        enum letter_kind);

/* A part that is not there (NULL) has nothing in it. */
#define HAS(text, piece) \
    post_expect(true, (text), (piece), __FILE__, __LINE__)
#define LACKS(text, piece) \
    post_expect(false, (text), (piece), __FILE__, __LINE__)
void post_expect(bool wanted, const char *text, const char *piece,
                 const char *file, int line);

#endif
