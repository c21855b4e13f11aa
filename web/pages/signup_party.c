#include "web/pages/signup_party.h"

#include <string.h>

#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "daemon/http/form.h"
#include "web/view/i18n.h"

void signup_party_clear(struct signup_party *party, bool invite)
{
    *party = (struct signup_party){ .count = 1 };
    signup_form_clear(&party->people[0], 0, invite);
}

void signup_party_read(struct arena *arena, const struct signup_terms *terms,
                       const struct form *body, struct signup_party *party)
{
    int64_t people;

    *party = (struct signup_party){ 0 };
    if (!parse_int(form_get(body, "people"), 1, SIGNUP_PEOPLE_MOST, &people))
        people = 1;
    for (; party->count < (size_t)people; party->count++)
        signup_form_read(arena, terms, body, party->count,
                         &party->people[party->count]);
}

/* She comes as the lead does, until somebody says otherwise. */
static void add_person(int64_t most, struct signup_party *party)
{
    size_t place = party->count;

    party->focus = SIGNUP_FOCUS_LAST;
    if (place >= SIGNUP_PEOPLE_MOST || place >= (size_t)most)
        return;
    signup_form_clear(&party->people[place], place, false);
    party->people[place].value[SIGNUP_MODE] =
        party->people[0].value[SIGNUP_MODE];
    party->count++;
}

/* Whoever stands behind her moves up. */
static void remove_person(const char *number, struct signup_party *party)
{
    int64_t place;

    party->focus = SIGNUP_FOCUS_ADD;
    if (!parse_int(number, 2, (int64_t)party->count, &place))
        return;
    party->count--;
    for (size_t i = (size_t)place - 1; i < party->count; i++) {
        party->people[i] = party->people[i + 1];
        party->people[i].place = i;
        party->people[i].ask.about.suffix = signup_suffix(i);
    }
}

bool signup_party_edit(const struct form *body, int64_t most,
                       struct signup_party *party)
{
    if (form_has(body, "add"))
        add_person(most, party);
    else if (form_has(body, "remove"))
        remove_person(form_get(body, "remove"), party);
    return party->focus != SIGNUP_FOCUS_NONE;
}

bool signup_party_has_errors(const struct signup_party *party)
{
    for (size_t i = 0; i < party->count; i++)
        if (signup_form_has_errors(&party->people[i]))
            return true;
    return false;
}

/* ---- checked ---- */

/* Who has no address of her own is reached at the lead's. */
static const char *mailbox(const struct signup_answer *answers, size_t place)
{
    const char *own = answers[place].person.address;

    return own ? own : answers[0].person.address;
}

static bool is_same(struct arena *arena, const struct signup_answer *answers,
                    size_t one, size_t other)
{
    return strcmp(address_key(arena, mailbox(answers, one)),
                  address_key(arena, mailbox(answers, other))) == 0 &&
           strcmp(registration_name_fold(arena, &answers[one].person),
                  registration_name_fold(arena, &answers[other].person)) == 0;
}

static void find_twins(struct arena *arena, enum lang lang,
                       const struct signup_answer *answers,
                       struct signup_party *party)
{
    for (size_t i = 1; i < party->count; i++)
        for (size_t k = 0; k < i; k++)
            if (!party->people[i].error[SIGNUP_FAMILY] &&
                is_same(arena, answers, i, k))
                party->people[i].error[SIGNUP_FAMILY] =
                    tr(lang, "This person stands in the form already. "
                             "Please enter another name, or remove the "
                             "person.");
}

/* What the lead says for all of them. */
static void follow_lead(const struct signup_terms *terms,
                        const struct signup_answer *lead,
                        struct signup_answer *guest)
{
    enum mode only;

    guest->person.organisation = lead->person.organisation;
    guest->person.bench_id = lead->person.bench_id;
    guest->wants_invite = lead->wants_invite;
    if (signup_only_mode(terms->pools, &only))
        guest->may_wait = lead->may_wait;
}

bool signup_party_check(struct arena *arena, enum lang lang,
                        const struct signup_terms *terms,
                        struct signup_party *party,
                        struct signup_answer answers[SIGNUP_PEOPLE_MOST])
{
    bool fine = true;

    for (size_t i = 0; i < party->count; i++) {
        if (!signup_form_check(arena, lang, terms, &party->people[i],
                               &answers[i]))
            fine = false;
        if (i > 0)
            follow_lead(terms, &answers[0], &answers[i]);
    }
    if (fine)
        find_twins(arena, lang, answers, party);
    return fine && !signup_party_has_errors(party);
}

/* ---- seats ---- */

bool signup_wants(const struct signup_form *form, const struct pools *pools,
                  enum mode mode)
{
    enum mode own;
    bool may_wait;

    return (signup_only_mode(pools, &own) ||
            signup_wish_parse(form->value[SIGNUP_MODE], &own, &may_wait)) &&
           own == mode;
}

int64_t signup_party_count(const struct signup_party *party,
                           const struct pools *pools, enum mode mode)
{
    int64_t count = 0;

    for (size_t i = 0; i < party->count; i++)
        count += signup_wants(&party->people[i], pools, mode);
    return count;
}

/* "There are 3 of you, but only 2 places are left on site." */
static const char *short_words(struct arena *arena, enum lang lang,
                               const struct pool *pool, enum mode mode,
                               int64_t people)
{
    long left = (long)pool_left(pool);

    if (left == 0)
        return mode == MODE_ONSITE
                   ? tr(lang, "The last place on site has just been taken.")
                   : tr(lang, "The last place online has just been taken.");
    return arena_printf(
        arena,
        mode == MODE_ONSITE
            ? trn(lang, "There are %d of you, but only %d place is left on "
                        "site.",
                  "There are %d of you, but only %d places are left on site.",
                  left)
            : trn(lang, "There are %d of you, but only %d place is left "
                        "online.",
                  "There are %d of you, but only %d places are left online.",
                  left),
        (int)people, (int)left);
}

/* What to do about it where there is a choice. */
static const char *choice_words(enum lang lang, enum mode mode,
                                enum vacancy here, enum vacancy elsewhere,
                                bool left)
{
    if (here == VACANCY_QUEUE && elsewhere != VACANCY_NONE && left)
        return mode == MODE_ONSITE
                   ? tr(lang, "Please choose for each of you: online, or the "
                              "waiting list on site. If the places are "
                              "enough for those who chose the latter, they "
                              "are registered at once.")
                   : tr(lang, "Please choose for each of you: on site, or "
                              "the waiting list online. If the places are "
                              "enough for those who chose the latter, they "
                              "are registered at once.");
    if (here == VACANCY_QUEUE && elsewhere != VACANCY_NONE)
        return mode == MODE_ONSITE
                   ? tr(lang, "Please choose: wait for a place on site, or "
                              "take part online.")
                   : tr(lang, "Please choose: wait for a place online, or "
                              "take part on site.");
    if (here == VACANCY_QUEUE)
        return tr(lang, "Please choose the waiting list if you would like to "
                        "wait for a place.");
    if (elsewhere == VACANCY_NONE)
        return left ? tr(lang, "Please send the form for fewer people.") : "";
    if (left)
        return mode == MODE_ONSITE
                   ? tr(lang, "Please choose online for some of you.")
                   : tr(lang, "Please choose on site for some of you.");
    return mode == MODE_ONSITE
               ? tr(lang, "You can take part online instead.")
               : tr(lang, "You can take part on site instead.");
}

/* … and where there is none but to send the form as it is now. */
static const char *only_words(enum lang lang, enum vacancy here, bool several,
                              bool left)
{
    if (here == VACANCY_NONE)
        return left ? tr(lang, "Please send the form for fewer people.") : "";
    if (!several)
        return tr(lang, "If you send the form as it is now, you are put on "
                        "the waiting list.");
    return left ? tr(lang, "If you send the form as it is now, you are all "
                           "put on the waiting list together; or send it "
                           "for fewer people.")
                : tr(lang, "If you send the form as it is now, you are all "
                           "put on the waiting list together.");
}

static const char *advice(enum lang lang, const struct signup_terms *terms,
                          enum mode mode, int64_t people)
{
    const struct pool *at = terms->pools->at;
    enum mode other = mode == MODE_ONSITE ? MODE_ONLINE : MODE_ONSITE;
    enum vacancy here = meeting_vacancy(terms->meeting, &at[mode], people);
    enum mode only;

    bool left = pool_left(&at[mode]) > 0;
    if (signup_only_mode(terms->pools, &only))
        return only_words(lang, here, people > 1, left);
    return choice_words(lang, mode, here,
                        meeting_vacancy(terms->meeting, &at[other], 1),
                        left);
}

const char *signup_shortage_words(struct arena *arena, enum lang lang,
                                  const struct signup_terms *terms,
                                  enum mode mode, int64_t people)
{
    const char *what = short_words(arena, lang, &terms->pools->at[mode],
                                   mode, people);
    const char *then = advice(lang, terms, mode, people);

    return *then ? arena_printf(arena, "%s %s", what, then) : what;
}

/* Whoever has chosen to wait stays with that. */
static void refuse_mode(struct arena *arena, enum lang lang,
                        const struct signup_terms *terms, enum mode mode,
                        struct signup_party *party)
{
    const struct pools *pools = terms->pools;
    int64_t people = signup_party_count(party, pools, mode);
    enum vacancy here =
        meeting_vacancy(terms->meeting, &pools->at[mode], people);

    if (people == 0 || here == VACANCY_SEATS)
        return;
    for (size_t i = 0; i < party->count; i++) {
        struct signup_form *form = &party->people[i];
        enum mode own;
        bool may_wait;

        if (signup_wish_parse(form->value[SIGNUP_MODE], &own, &may_wait) &&
            own == mode && !(may_wait && here == VACANCY_QUEUE))
            form->error[SIGNUP_MODE] =
                signup_shortage_words(arena, lang, terms, mode, people);
    }
}

const char *signup_party_refuse(struct arena *arena, enum lang lang,
                                const struct signup_terms *terms,
                                struct signup_party *party)
{
    const struct pools *pools = terms->pools;
    int64_t people = (int64_t)party->count;
    enum mode only;

    party->refused = true;
    if (signup_only_mode(pools, &only)) {
        if (meeting_vacancy(terms->meeting, &pools->at[only], people) !=
            VACANCY_SEATS)
            return arena_printf(arena, "%s %s",
                                tr(lang, "You are not registered."),
                                signup_shortage_words(arena, lang, terms,
                                                      only, people));
    } else {
        for (int mode = 0; mode < MODE_COUNT; mode++)
            refuse_mode(arena, lang, terms, (enum mode)mode, party);
        if (signup_party_has_errors(party))
            return NULL;
    }
    return tr(lang, "Places have just come and gone. You are not registered "
                    "yet: please send the form once more.");
}
