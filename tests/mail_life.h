/* What else happens to the registrations of a post: queues, confirmation,
 * approval. Every step is one transaction of its own. */
#ifndef CONVENED_TESTS_MAIL_LIFE_H
#define CONVENED_TESTS_MAIL_LIFE_H

#include "tests/mail_post.h"

/* cmocka's setup: post_open(), and a meeting with the usual terms. */
int life_open(void **state);
/* Signs up as post_register() does, but would wait too, and whatever comes of
 * it. The registration as it stands then. */
struct registration life_come(struct post *, const char *address,
                              post_change *);
struct registration life_come_at(struct post *, int64_t now,
                                 const char *address, post_change *);
/* So many seats on site, and all of them taken by others. */
void life_fill(struct post *, int64_t seats);
void life_raise(struct post *, int64_t seats);
void life_confirm(struct post *, const struct registration *);
void life_claim(struct post *, const struct registration *);
void life_decide(struct post *, const struct registration *, bool approved,
                 const char *reason);
void life_expire(struct post *, int64_t now);
void life_undo_waiting(struct post *, int64_t now,
                       const struct registration *);
/* From on site to online. */
void life_go_online(struct post *, int64_t now, const struct registration *);
/* Asks for a place online, after the deadline for changes. */
void life_wish_online(struct post *, int64_t now,
                      const struct registration *);
/* Declines all that it asks for. */
void life_decline_wishes(struct post *, int64_t now,
                         const struct registration *, const char *reason);
/* Writes one letter of that kind about it. */
void life_tell(struct post *, const struct registration *, enum letter_kind);
void life_prove(struct post *, const char *address);
/* As it stands in the database. */
struct registration life_now(struct post *, const struct registration *);
int64_t life_letters(struct post *, const struct registration *);

#endif
