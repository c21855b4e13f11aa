/* A small made-up house for the tests of store and rules: a database in a
 * folder of its own, an alliance with one region, and a hybrid meeting. */
#ifndef CONVENED_TESTS_STORE_HOUSE_H
#define CONVENED_TESTS_STORE_HOUSE_H

#include "daemon/base/arena.h"
#include "daemon/model/alliance.h"
#include "daemon/model/meeting.h"
#include "daemon/model/settings.h"
#include "daemon/rules/signup.h"
#include "daemon/rules/turn.h"
#include "daemon/store/db.h"
#include "daemon/store/writing.h"

#define NOON 1800000000 /* any instant; registration is open then */
#define MINUTE 60
#define HOUR 3600
#define DAY 86400

struct house {
    char folder[64];
    char path[96]; /* of the database */
    struct arena *arena;
    struct writer *writer;
    struct reader *reader;
    struct settings settings;
    struct alliance alliance, region;
    struct meeting meeting; /* published; NOON is a month before it */
    struct pools pools;
    struct err err;
};

/* cmocka's setup and teardown: *state is the house. */
int house_open(void **state);
int house_close(void **state);

#define FINE(house, call) \
    house_expect((house), RC_OK, (call), #call, __FILE__, __LINE__)
#define FAILS(house, call) \
    house_expect((house), RC_FAIL, (call), #call, __FILE__, __LINE__)
#define MISSING(house, call) \
    house_expect((house), RC_NOT_FOUND, (call), #call, __FILE__, __LINE__)
void house_expect(struct house *, enum rc wanted, enum rc got,
                  const char *call, const char *file, int line);

/* Runs `body` as one job of its own, one transaction. */
enum rc house_write(struct house *, int64_t now,
                    enum rc (*body)(struct house *, int64_t now, void *),
                    void *context);
/* One number, past the store: what the tables really hold. */
int64_t house_number(struct house *, const char *sql);
/* The same from the database file alone, as if its log were lost. */
int64_t house_number_without_log(struct house *, const char *sql);
/* Whatever happens, between two transactions pools and queues are counted
 * right and not too full, who is registered has a seat of their mode and who
 * is gone has none, and nobody has two but to choose from. */
void house_assert_sound(struct house *);

/* For a rule, inside house_write(). */
struct turn house_turn(struct house *, int64_t now);
struct meeting house_meeting(const struct house *);
/* Another one of that slug, with ten seats on site, in the database. */
struct meeting house_add_meeting(struct house *, const char *slug);
void house_set_seats(struct house *, enum mode, int64_t capacity);
struct signup house_signup(struct house *, const char *given,
                           const char *family, const char *address);
/* Signs up in a transaction of its own. */
struct signup_result house_place(struct house *, int64_t now,
                                 const struct signup *);

#endif
