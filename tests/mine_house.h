/* What people do through their mailed links, for the tests of those rules:
 * each step one transaction on the house of store_house.h. */
#ifndef CONVENED_TESTS_MINE_HOUSE_H
#define CONVENED_TESTS_MINE_HOUSE_H

#include "daemon/model/letter.h"
#include "tests/store_house.h"

/* cmocka's setup: a house with one place on site and two online, a waiting
 * list and handing over. */
int mine_open(void **state);
/* Writes house->meeting's terms. */
void mine_set_terms(struct house *);

/* Registers them, or puts them on the waiting list; sends all letters. */
struct registration mine_place(struct house *, const char *name, enum mode);
/* With a companion who has no address; *guest: her. */
struct registration mine_place_two(struct house *, const char *name,
                                   enum mode, struct registration *guest);
struct registration mine_fresh(struct house *, const struct registration *);
void mine_cancel(struct house *, const struct registration *);
/* The courier reports all that is queued as sent. */
void mine_send_all(struct house *);

/* A step by a rule that takes a turn; what it says. */
struct deed {
    enum rc (*run)(struct turn *, struct deed *, struct err *);
    struct id id;
    const void *with;
    int64_t row;
    enum mode mode;
    bool yes;
    int outcome;
    struct turn left; /* as the rule left it */
};
int mine_do(struct house *, int64_t now, struct deed *);

/* Letters of that kind about that registration. */
int64_t mine_letters(struct house *, const struct registration *,
                     enum letter_kind);
/* How many rows the query says, with $ for the id of that registration. */
int64_t mine_number(struct house *, const char *sql,
                    const struct registration *);
int64_t mine_taken(struct house *, enum mode);

#endif
