#include "web/pages/mine_state.h"

#include "daemon/base/arena.h"
#include "daemon/rules/promise.h"
#include "daemon/rules/signup.h"
#include "daemon/store/seat_store.h"
#include "daemon/store/support_store.h"
#include "web/pages/facts.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/words.h"

/* What the page says of seats and queues. */
struct places {
    bool held;              /* a seat of her mode */
    int64_t place;          /* in the queue of her mode; 0: not in it */
    int64_t other_place;    /* in the queue of the other mode */
    bool other_waits;       /* is in it, or was offered a seat */
    int64_t claim_by;       /* a seat is offered until then; 0: none is */
    enum mode claim_mode;
};

const char *mine_when(const struct page *page, const struct meeting *meeting,
                      int64_t at)
{
    return arena_printf(page->arena, "%s, %s",
                        format_weekday_date(page->arena, page->lang,
                                            meeting->zone, at),
                        format_time(page->arena, page->lang, meeting->zone,
                                    at));
}

static bool is_over(const struct mine *mine)
{
    return mine->phase == PHASE_PAST || mine->phase == PHASE_CANCELLED;
}

enum mine_right mine_right_to_change(const struct page *page,
                                     const struct mine *mine)
{
    if (!registration_is_live(&mine->registration) || is_over(mine) ||
        mine->meeting.state != MEETING_PUBLISHED)
        return MINE_NOT;
    return page->now < meeting_changes_until(&mine->meeting) ? MINE_MAY
                                                             : MINE_ASKS;
}

bool mine_may_hand_over(const struct mine *mine)
{
    return mine->meeting.handing_over &&
           mine->registration.state == REG_REGISTERED;
}

static enum mode other_mode(enum mode mode)
{
    return mode == MODE_ONSITE ? MODE_ONLINE : MODE_ONSITE;
}

static enum rc read_waits(const struct page *page, const struct mine *mine,
                          struct places *places, struct err *err)
{
    const struct registration *r = &mine->registration;
    struct waits waits;
    enum rc rc = wait_of_registration(page->site->reader, page->arena, r->id,
                                      &waits, err);

    for (size_t i = 0; rc == RC_OK && i < waits.count; i++) {
        const struct wait *wait = &waits.items[i];
        enum mode mode = MODE_ONSITE;

        while (mode < MODE_COUNT && mine->pools.at[mode].id != wait->pool_id)
            mode++;
        if (mode == MODE_COUNT)
            continue;
        if (wait->claim_by > page->now) {
            places->claim_by = wait->claim_by;
            places->claim_mode = mode;
        }
        places->other_waits = places->other_waits || mode != r->mode;
        rc = wait_place(page->site->reader, r->id, wait->pool_id,
                        mode == r->mode ? &places->place
                                        : &places->other_place, err);
    }
    return rc;
}

static enum rc read_places(const struct page *page, const struct mine *mine,
                           struct places *places, struct err *err)
{
    const struct registration *r = &mine->registration;
    enum rc rc = seat_is_held(page->site->reader, r->id, r->mode,
                              &places->held, err);

    return rc == RC_OK ? read_waits(page, mine, places, err) : rc;
}

/* ---- in one line ---- */

static const char *headline(const struct page *page, const struct mine *mine,
                            const struct places *places)
{
    enum lang lang = page->lang;

    if (mine->phase == PHASE_CANCELLED)
        return tr(lang, "This meeting has been cancelled.");
    if (mine->phase == PHASE_PAST)
        return tr(lang, "This meeting is over.");
    switch (mine->registration.state) {
    case REG_UNCONFIRMED:
        return tr(lang, "Please confirm your e-mail address");
    case REG_PENDING:
        return tr(lang, "Your registration is being looked at");
    case REG_REGISTERED:
        return tr(lang, "You are registered");
    case REG_WAITING:
        return places->claim_by > 0
            ? tr(lang, "A place is kept for you")
            : tr(lang, "You are on the waiting list");
    /* By herself, or because an offer lapsed: the words fit both. */
    case REG_CANCELLED:
        return tr(lang, "Your registration is cancelled");
    case REG_DECLINED:
        return tr(lang, "Your registration was not accepted");
    }
    return "";
}

/* ---- what is to be done ---- */

static void put_confirm(const struct page *page, const struct mine *mine,
                        const struct places *places, const char *token,
                        struct view_mine *view)
{
    const struct registration *r = &mine->registration;

    if (r->state != REG_UNCONFIRMED || r->confirm_by <= page->now)
        return;
    view->confirm_url = mine_url(page, token, "/confirm");
    view->confirm_words = arena_printf(
        page->arena,
        places->held
            ? tr(page->lang, "We keep your place until %s. If you do not "
                             "confirm by then, it goes to somebody else, "
                             "and we delete your details.")
            : tr(page->lang, "You can confirm it until %s. After that your "
                             "registration expires, and we delete your "
                             "details."),
        mine_when(page, &mine->meeting, r->confirm_by));
}

static void put_claim(const struct page *page, const struct mine *mine,
                      const struct places *places, const char *token,
                      struct view_mine *view)
{
    const char *until = mine_when(page, &mine->meeting, places->claim_by);

    if (places->claim_by == 0)
        return;
    view->claim_url = mine_url(page, token, "/claim");
    view->claim_words = arena_printf(
        page->arena,
        places->held
            ? tr(page->lang, "Your place there is kept until %s. When you "
                             "take it, somebody else gets the one that you "
                             "have now.")
            : tr(page->lang, "It is kept for you until %s. If you do not "
                             "take it by then, it goes to the next in the "
                             "queue, and you are on the waiting list no "
                             "longer."),
        until);
    view->claim_mode = words_mode(page->lang, places->claim_mode);
}

static const char *place_words(const struct page *page, enum mode mode,
                               int64_t place)
{
    return arena_printf(page->arena,
                        mode == MODE_ONSITE
                            ? tr(page->lang, "You are number %s in the "
                                             "queue for a place on site.")
                            : tr(page->lang, "You are number %s in the "
                                             "queue for a place online."),
                        format_number(page->arena, page->lang, place));
}

static void put_queue(const struct page *page, const struct mine *mine,
                      const struct places *places, const char *token,
                      struct view_mine *view)
{
    enum mode mode = mine->registration.mode;

    /* From then on nobody moves up. */
    view->queue_hope = page->now < mine->meeting.starts_at
        ? tr(page->lang, "As soon as a place is free for you, you get an "
                         "e-mail.")
        : tr(page->lang, "The meeting has begun: nobody moves up any more.");
    if (places->place > 0)
        view->queue = place_words(page, mode, places->place);
    if (!places->held || !places->other_waits)
        return;
    if (places->other_place > 0)
        view->queue = place_words(page, other_mode(mode),
                                  places->other_place);
    view->stop_url = mine_url(page, token, "/stop-waiting");
}

/* ---- the other mode ---- */

/* What she has until then: nothing yet, as long as her registration is being
 * looked at; a place in the queue; a seat. */
enum hold { HOLDS_NOTHING, HOLDS_PLACE, HOLDS_SEAT };

static enum hold hold_of(const struct places *places)
{
    return places->held ? HOLDS_SEAT
         : places->place > 0 || places->claim_by > 0 ? HOLDS_PLACE
                                                     : HOLDS_NOTHING;
}

static const char *mode_words(const struct page *page, enum mode to,
                              bool room, enum hold hold)
{
    enum lang lang = page->lang;

    if (hold == HOLDS_NOTHING)
        return to == MODE_ONLINE
            ? tr(lang, "You can take part online instead.")
            : tr(lang, "You can take part on site instead.");
    if (room && hold == HOLDS_PLACE)
        return to == MODE_ONLINE
            ? tr(lang, "There is a place for you online. If you take it, you "
                       "no longer wait for one on site.")
            : tr(lang, "There is a place for you on site. If you take it, "
                       "you no longer wait for one online.");
    if (room)
        return to == MODE_ONLINE
            ? tr(lang, "You can take part online instead. Your place on "
                       "site then goes to somebody else.")
            : tr(lang, "You can come instead: there is a place for you on "
                       "site.");
    if (hold == HOLDS_SEAT)
        return to == MODE_ONLINE
            ? tr(lang, "All places online are taken. You can wait for one "
                       "and keep your place on site meanwhile.")
            : tr(lang, "All places on site are taken. You can wait for one "
                       "and keep your place online meanwhile.");
    return to == MODE_ONLINE
        ? tr(lang, "You can wait for a place online instead.")
        : tr(lang, "You can wait for a place on site instead.");
}

static const char *mode_button(const struct page *page, enum mode to,
                               bool room)
{
    if (!room)
        return to == MODE_ONLINE ? tr(page->lang, "Wait for a place online")
                                 : tr(page->lang, "Wait for a place on site");
    return to == MODE_ONLINE ? tr(page->lang, "Take part online")
                             : tr(page->lang, "Take part on site");
}

static void put_mode(const struct page *page, const struct mine *mine,
                     const struct places *places, const char *token,
                     struct view_mine *view)
{
    const struct registration *r = &mine->registration;
    enum mode to = other_mode(r->mode);
    const struct pool *pool = &mine->pools.at[to];
    enum hold hold = hold_of(places);
    bool room = hold == HOLDS_NOTHING || pool_left(pool) > 0;

    if (!mine->pools.offered[to] || places->other_waits ||
        (!room && !mine->meeting.waiting))
        return;
    view->mode_url = mine_url(page, token, "/mode");
    view->mode_value = mode_word(to);
    view->mode_words = mode_words(page, to, room, hold);
    view->mode_button = view->asks
        ? (to == MODE_ONLINE ? tr(page->lang, "Ask to take part online")
                             : tr(page->lang, "Ask to take part on site"))
        : mode_button(page, to, room);
    view->mode_waits = !room;
}

/* ---- changes ---- */

static void put_changes(const struct page *page, const struct mine *mine,
                        const struct places *places, const char *token,
                        struct view_mine *view)
{
    const char *when = mine_when(page, &mine->meeting,
                                 meeting_changes_until(&mine->meeting));
    enum mine_right right = mine_right_to_change(page, mine);

    if (right == MINE_NOT)
        return;
    view->asks = right == MINE_ASKS;
    view->changes = arena_printf(
        page->arena,
        view->asks
            ? tr(page->lang, "Changes could be made until %s. Now they go "
                             "as a request to the organiser, who decides.")
            : tr(page->lang, "You can change your details until %s."),
        when);
    view->change_url = mine_url(page, token, "/change");
    if (mine_may_hand_over(mine))
        view->handover_url = mine_url(page, token, "/hand-over");
    put_mode(page, mine, places, token, view);
}

/* ---- coming back ---- */

static const char *gone_words(const struct page *page,
                              const struct mine *mine)
{
    bool open = signup_is_open(&mine->meeting, &mine->pools,
                               mine->registration.mode, page->now);

    return open ? tr(page->lang, "All places are taken at the moment. As "
                                 "soon as one is free, you can register "
                                 "again here.")
                : facts_phase(page, &mine->meeting, mine->phase);
}

/* Who comes back may wait; or there are places of the other mode, for which
 * she registers anew. */
static const char *wait_words(const struct page *page,
                              const struct mine *mine)
{
    enum mode mode = mine->registration.mode;
    enum mode other = mode == MODE_ONSITE ? MODE_ONLINE : MODE_ONSITE;

    if (!mine->pools.offered[other] ||
        pool_left(&mine->pools.at[other]) == 0)
        return tr(page->lang, "All places are taken at the moment. You can "
                              "wait for one.");
    return mode == MODE_ONSITE
        ? tr(page->lang, "All places on site are taken at the moment. You "
                         "can wait for one. There are still places online: "
                         "you can register for one on the meeting's page.")
        : tr(page->lang, "All places online are taken at the moment. You can "
                         "wait for one. There are still places on site: you "
                         "can register for one on the meeting's page.");
}

/* Whether the place could be taken again, and if not, why. */
static void put_undo(const struct page *page, const struct mine *mine,
                     const char *token, struct view_mine *view)
{
    const struct meeting *meeting = &mine->meeting;
    const struct registration *r = &mine->registration;
    const struct pool *pool = &mine->pools.at[r->mode];
    bool room = pool_left(pool) > 0 ||
                (r->undecided && meeting->approval == APPROVAL_FREE);

    if (r->state != REG_CANCELLED || is_over(mine))
        return;
    if (!signup_is_open(meeting, &mine->pools, r->mode, page->now) ||
        (!room && !meeting->waiting)) {
        view->no_undo = gone_words(page, mine);
        return;
    }
    view->undo_url = mine_url(page, token, "/undo");
    view->undo_waits = !room;
    view->undo_words =
        r->undecided ? tr(page->lang, "You can register again. The organiser "
                                      "then decides on it.")
        : room ? tr(page->lang, "There is still a place for you.")
               : wait_words(page, mine);
}

/* What pressing the button gives up. */
static void put_cancel(const struct page *page, const struct mine *mine,
                       const char *token, struct view_mine *view)
{
    enum lang lang = page->lang;

    view->cancel_url = mine_url(page, token, "/cancel");
    view->cancel_button = tr(lang, "Cancel my registration");
    if (mine->registration.state == REG_REGISTERED) {
        view->cancel_words =
            tr(lang, "When you cancel, somebody else gets the place. You can "
                     "register again while places are free and registration "
                     "is open.");
    } else if (mine->registration.state == REG_WAITING) {
        view->cancel_words =
            tr(lang, "You then leave the waiting list. If you come back "
                     "later, you start at its end.");
        view->cancel_button = tr(lang, "Leave the waiting list");
    } else {
        view->cancel_words = tr(lang, "You can take your registration back.");
        view->cancel_button = tr(lang, "Take my registration back");
    }
}

static void put_rest(const struct page *page, const struct mine *mine,
                     const char *token, struct view_mine *view)
{
    bool over = is_over(mine);

    view->data_url = mine_url(page, token, "/data.json");
    view->withdraw_url = mine_url(page, token, "/withdraw");
    view->cancel_all_url = mine_url(page, token, "/cancel-all");
    view->erase_url = mine_url(page, token, "/erase");
    if (view->live && !over)
        put_cancel(page, mine, token, view);
    if (view->registered && !view->called_off)
        view->download_url = page_download(page, &mine->meeting);
    if (view->registered && !over &&
        mine->registration.mode == MODE_ONLINE && *mine->meeting.join_url)
        view->join_url = mine->meeting.join_url;
}

/* Whoever does not come any more may still withdraw what she has told. */
static enum rc put_support(const struct page *page, const struct mine *mine,
                           const char *token, struct view_mine *view,
                           struct err *err)
{
    struct support support;
    enum rc rc = view->live && !is_over(mine)
                     ? RC_OK
                     : support_read(page->site->reader, page->arena,
                                    mine->registration.id, &support, NULL,
                                    err);

    if (rc == RC_OK && page->now < promise_support_due(&mine->meeting))
        view->support_url = mine_url(page, token, "/support");
    return rc == RC_FAIL ? RC_FAIL : RC_OK;
}

enum rc mine_state_fill(const struct page *page, const struct mine *mine,
                        const char *token, struct view_mine *view,
                        struct err *err)
{
    const struct registration *r = &mine->registration;
    struct places places = { 0 };
    enum rc rc = read_places(page, mine, &places, err);

    if (rc != RC_OK)
        return rc;
    view->live = registration_is_live(r);
    view->registered = r->state == REG_REGISTERED;
    view->pending = r->state == REG_PENDING;
    view->called_off = mine->phase == PHASE_CANCELLED;
    view->headline = headline(page, mine, &places);
    view->reason = r->state == REG_DECLINED ? r->reason : NULL;
    put_rest(page, mine, token, view);
    put_undo(page, mine, token, view);
    if (view->live && !is_over(mine)) {
        put_confirm(page, mine, &places, token, view);
        put_claim(page, mine, &places, token, view);
        put_queue(page, mine, &places, token, view);
        put_changes(page, mine, &places, token, view);
    }
    rc = put_support(page, mine, token, view, err);
    if (rc == RC_OK)
        rc = mine_party_fill(page, mine, view, err);
    return rc == RC_OK ? mine_wishes_fill(page, mine, view, err) : rc;
}
