#include "tests/mine_house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/rules/cancel.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/registration_store.h"

static enum rc update_meeting(struct house *house, int64_t now,
                              void *unused)
{
    (void)unused;
    return meeting_update(house->writer, now, &house->meeting, &house->err);
}

void mine_set_terms(struct house *house)
{
    FINE(house, house_write(house, NOON, update_meeting, NULL));
}

int mine_open(void **state)
{
    struct house *house;

    if (house_open(state) != 0)
        return 1;
    house = *state;
    house->meeting.waiting = house->meeting.handing_over = true;
    house->meeting.party_most = 5;
    mine_set_terms(house);
    house_set_seats(house, MODE_ONSITE, 1);
    house_set_seats(house, MODE_ONLINE, 2);
    return 0;
}

struct registration mine_fresh(struct house *house,
                               const struct registration *old)
{
    struct registration r;

    FINE(house, registration_by_id(house->reader, house->arena, old->id, &r,
                                   &house->err));
    return r;
}

static enum rc send_all(struct house *house, int64_t now, void *unused)
{
    struct letters due;
    enum rc rc = letter_due(house->reader, house->arena, now, 100, &due,
                            &house->err);

    (void)unused;
    for (size_t i = 0; rc == RC_OK && i < due.count; i++) {
        due.items[i].state = LETTER_SENT;
        due.items[i].attempts++;
        due.items[i].settled_at = now;
        rc = letter_update(house->writer, &due.items[i], &house->err);
    }
    return rc;
}

void mine_send_all(struct house *house)
{
    int64_t at = 0;

    while (at != INT64_MAX) {
        FINE(house, house_write(house, NOON + 60 * DAY, send_all, NULL));
        FINE(house, letter_next_due(house->reader, &at, &house->err));
    }
}

static struct signup signup_of(struct house *house, const char *name,
                               enum mode mode)
{
    struct signup in = house_signup(
        house, name, "Kurz",
        arena_printf(house->arena, "%s@example.org", name));

    in.mode = mode;
    in.may_wait = true;
    return in;
}

struct registration mine_place(struct house *house, const char *name,
                               enum mode mode)
{
    struct signup in = signup_of(house, name, mode);
    struct signup_result out = house_place(house, NOON, &in);

    assert_true(signup_is_accepted(out.outcome));
    mine_send_all(house);
    return mine_fresh(house, &out.registration);
}

struct registration mine_place_two(struct house *house, const char *name,
                                   enum mode mode,
                                   struct registration *guest)
{
    struct signup in = signup_of(house, name, mode);
    const struct signup_guest other = {
        .person = { .given_name = "Gast", .family_name = name, .title = "",
                    .organisation = "Beispiel GmbH", .position = "" },
        .mode = mode, .may_wait = true,
    };
    struct registrations party;

    in.guests = &other;
    in.guest_count = 1;
    struct signup_result out = house_place(house, NOON, &in);
    assert_true(signup_is_accepted(out.outcome));
    mine_send_all(house);
    FINE(house, registration_of_party(house->reader, house->arena,
                                      out.registration.party_id, &party,
                                      &house->err));
    assert_int_equal(party.count, 2);
    *guest = party.items[1];
    return mine_fresh(house, &out.registration);
}

static enum rc run_deed(struct house *house, int64_t now, void *context)
{
    struct deed *deed = context;
    struct turn turn = house_turn(house, now);
    enum rc rc = deed->run(&turn, deed, &house->err);

    deed->left = turn;
    return rc;
}

int mine_do(struct house *house, int64_t now, struct deed *deed)
{
    FINE(house, house_write(house, now, run_deed, deed));
    return deed->outcome;
}

static enum rc cancelling(struct turn *turn, struct deed *deed,
                          struct err *err)
{
    enum cancel_outcome outcome;
    enum rc rc = cancel_registration(turn, &deed->id, CANCEL_OWN, &outcome,
                                     err);

    deed->outcome = (int)outcome;
    return rc;
}

void mine_cancel(struct house *house, const struct registration *r)
{
    struct deed deed = { .run = cancelling, .id = r->public_id };

    assert_int_equal(mine_do(house, NOON + 50, &deed), CANCEL_DONE);
}

int64_t mine_number(struct house *house, const char *sql,
                    const struct registration *r)
{
    char *text = arena_strdup(house->arena, sql);
    char *mark = text;

    while (*mark && *mark != '$')
        mark++;
    if (!*mark)
        return house_number(house, text);
    *mark = '\0';
    return house_number(house, arena_printf(house->arena, "%s%lld%s", text,
                                            (long long)r->id, mark + 1));
}

int64_t mine_letters(struct house *house, const struct registration *r,
                     enum letter_kind kind)
{
    return mine_number(house,
                       arena_printf(house->arena,
                                    "SELECT count(*) FROM letter WHERE"
                                    " registration_id = $ AND kind = %d",
                                    kind), r);
}

int64_t mine_taken(struct house *house, enum mode mode)
{
    return house_number(house, arena_printf(house->arena,
        "SELECT taken FROM pool WHERE mode = %d", mode));
}
