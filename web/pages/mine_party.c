/* Those who came with somebody in one go, on her page; and all of them
 * cancelled at once, asked once more with their number. */
#include "daemon/base/arena.h"
#include "daemon/base/token.h"
#include "daemon/http/csrf.h"
#include "daemon/http/response.h"
#include "daemon/rules/cancel.h"
#include "daemon/store/registration_store.h"
#include "web/pages/mine_state.h"
#include "web/pages/mine_step.h"
#include "web/pages/pages.h"
#include "web/view/i18n.h"
#include "web/view/templates.h"
#include "web/view/words.h"

static const char *name_of(const struct page *page,
                           const struct person *person)
{
    return *person->given_name
        ? arena_printf(page->arena, "%s %s", person->given_name,
                       person->family_name)
        : person->family_name;
}

enum rc mine_count_led(const struct page *page, const struct mine *mine,
                       int64_t *led, struct err *err)
{
    struct registrations all;
    enum rc rc = registration_led_by(page->site->reader, page->arena,
                                     mine->registration.id, &all, err);

    *led = 0;
    for (size_t i = 0; rc == RC_OK && i < all.count; i++)
        *led += registration_is_live(&all.items[i]);
    return rc;
}

/* Who has a mailbox of her own has her link, too, and nobody else does. */
static void add_companion(const struct page *page, const struct mine *mine,
                          const struct registration *other,
                          struct view_companions *to)
{
    struct view_companion *one = &to->items[to->count++];

    one->name = name_of(page, &other->person);
    one->mode = words_mode(page->lang, other->mode);
    one->state = words_state(page->lang, other->state);
    one->live = registration_is_live(other);
    if (!other->person.address && other->lead_id == mine->registration.id)
        one->url = mine_url(page,
                            token_make(page->arena, page->site->keys,
                                       TOKEN_REGISTRATION, &other->public_id,
                                       other->generation), "");
}

enum rc mine_party_fill(const struct page *page, const struct mine *mine,
                        struct view_mine *view, struct err *err)
{
    const struct registration *own = &mine->registration;
    struct registrations party;

    if (!own->person.address && own->lead_id != 0)
        view->whose = arena_printf(
            page->arena, tr(page->lang, "This page is about %s, whom you "
                                        "have registered; “you” means that "
                                        "person here."),
            name_of(page, &own->person));
    enum rc rc = registration_of_party(page->site->reader, page->arena,
                                       own->party_id, &party, err);

    if (rc != RC_OK || party.count < 2)
        return rc;
    bool first = party.items[0].id == own->id;
    view->party.items =
        ARENA_ARRAY(page->arena, struct view_companion, party.count);
    for (size_t i = 0; i < party.count; i++) {
        const struct registration *other = &party.items[i];

        if (!first && other->lead_id != own->id && other->id != own->id)
            continue;
        if (registration_is_live(other))
            view->party_live++;
        if (other->id != own->id)
            add_companion(page, mine, other, &view->party);
    }
    if (view->party.count > 0 && view->party_live > (view->live ? 1 : 0) &&
        mine->phase != PHASE_PAST && mine->phase != PHASE_CANCELLED)
        view->cancel_all = true;
    return RC_OK;
}

/* ---- all at once ---- */

/* Everybody whom the button is about, herself first. */
static struct view_companions meant(const struct page *page,
                                    const struct mine *mine,
                                    const struct view_companions *others)
{
    struct view_companions all = {
        ARENA_ARRAY(page->arena, struct view_companion, others->count + 1), 0
    };

    if (registration_is_live(&mine->registration))
        add_companion(page, mine, &mine->registration, &all);
    for (size_t i = 0; i < others->count; i++)
        if (others->items[i].live)
            all.items[all.count++] = others->items[i];
    return all;
}

static void show(struct request *request, const struct page *page,
                 const struct mine *mine, int status, const char *note)
{
    const char *token = request->params[0];
    struct view_mine about = { .live =
        registration_is_live(&mine->registration) };
    struct err err;
    struct str body;

    if (mine_party_fill(page, mine, &about, &err) != RC_OK) {
        page_fail(request, &err);
        return;
    }
    struct view_cancel_all view = {
        .title = lang_pick(&mine->meeting.title, page->lang),
        .url = page_meeting(page, &mine->meeting),
        .back_url = mine_url(page, token, ""),
        .action = mine_url(page, token, "/cancel-all"),
        .stamp = stamp_make(page->arena, page->site->keys, token, page->now),
        .note = note,
        .people = about.party_live,
        .possible = about.cancel_all,
        .party = meant(page, mine, &about.party),
    };
    mine_frame(page, mine, tr(page->lang, "Cancel for everybody"),
               "/cancel-all", token, note != NULL, &view.site);
    str_init(&body, request->arena, PAGE_MOST);
    template_cancel_all(&body, page->lang, &view);
    respond_html(request, status, &body);
}

void mine_cancel_all(struct request *request)
{
    mine_get(request, show);
}

static enum rc run(struct turn *turn, struct mine_step *step,
                   struct err *err)
{
    enum cancel_outcome outcome = CANCEL_ALREADY;
    enum rc rc = cancel_registration(turn, &step->registration, CANCEL_PARTY,
                                     &outcome, err);

    step->outcome = (int)outcome;
    return rc;
}

static void done(struct mine_step *step)
{
    if (step->outcome == CANCEL_PAST)
        mine_step_refuse(step, show,
                         tr(step->page.lang, "This meeting is over."));
    else
        mine_step_back(step);
}

static void submit(struct request *request, const struct page *page,
                   const struct mine *mine)
{
    const struct mine_step step = { .run = run, .done = done };

    mine_step_submit(request, page, mine, &step);
}

void mine_cancel_all_submit(struct request *request)
{
    mine_post(request, show, submit);
}
