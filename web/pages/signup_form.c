#include "web/pages/signup_form.h"

#include <string.h>

#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "daemon/base/text.h"
#include "daemon/http/form.h"
#include "web/view/i18n.h"
#include "web/view/words.h"

static const char *const names[SIGNUP_FIELD_COUNT] = {
    [SIGNUP_GIVEN] = "given-name",
    [SIGNUP_FAMILY] = "family-name",
    [SIGNUP_TITLE] = "title",
    [SIGNUP_EMAIL] = "email",
    [SIGNUP_ORGANISATION] = "organisation",
    [SIGNUP_POSITION] = "position",
    [SIGNUP_BENCH] = "bench",
    [SIGNUP_MODE] = "mode",
    [SIGNUP_INVITE] = "invite",
};

static const char *const suffixes[SIGNUP_PEOPLE_MOST] = {
    "", "-2", "-3", "-4", "-5", "-6", "-7", "-8", "-9", "-10",
};

const char *signup_field_name(enum signup_field field)
{
    return names[field];
}

const char *signup_suffix(size_t place)
{
    return suffixes[place];
}

bool signup_asks(size_t place, enum signup_field field)
{
    return place == 0 || field == SIGNUP_GIVEN || field == SIGNUP_FAMILY ||
           field == SIGNUP_EMAIL || field == SIGNUP_MODE;
}

void signup_form_clear(struct signup_form *form, size_t place, bool invite)
{
    *form = (struct signup_form){ .place = place };
    for (int i = 0; i < SIGNUP_FIELD_COUNT; i++)
        form->value[i] = "";
    if (invite)
        form->value[SIGNUP_INVITE] = "1";
}

struct ask_about signup_form_ask_about(const struct signup_terms *terms,
                                       size_t place)
{
    const struct questions none = { NULL, 0 };
    const struct pools *pools = terms->pools;

    return (struct ask_about){
        .questions = terms->questions ? *terms->questions : none,
        .suffix = suffixes[place],
        .mode_asked = pools->offered[MODE_ONSITE] &&
                      pools->offered[MODE_ONLINE],
    };
}

static const char *typed(struct arena *arena, const struct form *body,
                         const char *name, size_t place)
{
    return form_get(body, arena_printf(arena, "%s%s", name,
                                       suffixes[place]));
}

void signup_form_read(struct arena *arena, const struct signup_terms *terms,
                      const struct form *body, size_t place,
                      struct signup_form *form)
{
    const struct ask_about about = signup_form_ask_about(terms, place);

    *form = (struct signup_form){ .place = place };
    for (int i = 0; i < SIGNUP_FIELD_COUNT; i++)
        form->value[i] = signup_asks(place, (enum signup_field)i)
                             ? typed(arena, body, names[i], place)
                             : "";
    form->asked = typed(arena, body, "email-asked", place);
    ask_form_read(arena, body, &about, &form->ask);
    support_form_read(arena, body, suffixes[place], &form->support);
}

bool signup_form_has_errors(const struct signup_form *form)
{
    for (int i = 0; i < SIGNUP_FIELD_COUNT; i++)
        if (form->error[i])
            return true;
    return form->ask_verdict == ASK_WRONG ||
           support_form_has_errors(&form->support);
}

/* All that a check may look at. */
struct checking {
    struct arena *arena;
    size_t place;
    const struct signup_terms *terms;
    struct signup_answer *answer;
};

/* Says what to do, in English; NULL if all is well. */
typedef const char *field_check(const struct checking *, const char *typed,
                                const char **clean);

/* Names go into letters before anybody has shown that the address is theirs:
 * they must not carry an advertisement (RELIABILITY section 5). */
static bool has_link(const char *text)
{
    static const char *const marks[] = { "://", "www.", "http:", "https:",
                                         "mailto:" };

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (strcasestr(text, marks[i]))
            return true;
    return false;
}

/* "shop.example" and "a@shop.example", of which mail programs make links;
 * not "Dr.Muster", "J.R.", "e.V." or "Dr.-Ing.". Only of people: an
 * organisation may well be called so. */
static bool has_domain(const char *name)
{
    for (const char *dot = strchr(name, '.'); dot;
         dot = strchr(dot + 1, '.')) {
        size_t small = strspn(dot + 1, "abcdefghijklmnopqrstuvwxyz");

        if (dot > name && dot[-1] != ' ' && small > 1 &&
            !strchr(".-", dot[1 + small] ? dot[1 + small] : ' '))
            return true;
    }
    return strchr(name, '@') != NULL;
}

static const char *check_text(const struct checking *checking,
                              const char *typed, const char **clean)
{
    *clean = text_clean_line(checking->arena, typed);
    if (text_has_control(typed, false))
        return N_("Please remove line breaks and invisible characters "
                  "here.");
    if (text_characters(*clean) > SIGNUP_NAME_MOST)
        return N_("Please shorten this to at most 100 characters.");
    if (has_link(*clean))
        return N_("Please leave out web addresses here.");
    return NULL;
}

static const char *check_name(const struct checking *checking,
                              const char *typed, const char **clean)
{
    const char *advice = check_text(checking, typed, clean);

    if (!advice && has_domain(*clean))
        return N_("Please enter the name alone here, without web or e-mail "
                  "addresses.");
    return advice;
}

static const char *check_family(const struct checking *checking,
                                const char *typed, const char **clean)
{
    const char *advice = check_name(checking, typed, clean);

    if (advice || **clean)
        return advice;
    return checking->place == 0
               ? N_("Please enter your last name.")
               : N_("Please enter this person's last name, or remove the "
                    "person.");
}

static const char *check_organisation(const struct checking *checking,
                                      const char *typed, const char **clean)
{
    const char *advice = check_text(checking, typed, clean);

    if (!advice && !**clean && checking->terms->meeting->ask_organisation)
        return N_("Please enter the organisation that you come from, for "
                  "example Musterstadt Works Ltd.");
    return advice;
}

static const char *check_email(const struct checking *checking,
                               const char *typed, const char **clean)
{
    char *address = NULL;
    enum address_verdict verdict =
        address_check(checking->arena, typed, &address);

    if (verdict == ADDRESS_OK || verdict == ADDRESS_EMPTY)
        *clean = address;
    if (verdict == ADDRESS_EMPTY && checking->place > 0)
        return NULL; /* the lead gets her letters */
    return words_address_advice(verdict);
}

static const char *check_bench(const struct checking *checking,
                               const char *typed, const char **clean)
{
    const struct benches *benches = checking->terms->benches;
    int64_t id = 0;

    *clean = typed;
    if (!*typed)
        return NULL;
    if (parse_int(typed, 1, INT64_MAX, &id))
        for (size_t i = 0; i < benches->count; i++)
            if (benches->items[i].id == id) {
                checking->answer->person.bench_id = id;
                return NULL;
            }
    return N_("Please choose a group from the list.");
}

static const char *const wishes[MODE_COUNT] = {
    [MODE_ONSITE] = "onsite-waiting",
    [MODE_ONLINE] = "online-waiting",
};

const char *signup_wish_word(enum mode mode, bool may_wait)
{
    return may_wait ? wishes[mode] : mode_word(mode);
}

bool signup_wish_parse(const char *word, enum mode *mode, bool *may_wait)
{
    *may_wait = false;
    if (mode_parse(word, mode))
        return true;
    for (int i = 0; i < MODE_COUNT; i++)
        if (strcmp(word, wishes[i]) == 0) {
            *mode = (enum mode)i;
            return *may_wait = true;
        }
    return false;
}

bool signup_only_mode(const struct pools *pools, enum mode *mode)
{
    if (pools->offered[MODE_ONSITE] == pools->offered[MODE_ONLINE])
        return false;
    *mode = pools->offered[MODE_ONSITE] ? MODE_ONSITE : MODE_ONLINE;
    return true;
}

static const char *check_mode(const struct checking *checking,
                              const char *typed, const char **clean)
{
    struct signup_answer *answer = checking->answer;
    bool known = signup_wish_parse(typed, &answer->mode, &answer->may_wait);

    *clean = typed;
    if (signup_only_mode(checking->terms->pools, &answer->mode) || known)
        return NULL;
    return checking->place == 0
               ? N_("Please choose how you will attend: on site or online.")
               : N_("Please choose how this person will attend: on site or "
                    "online.");
}

static field_check *const checks[SIGNUP_FIELD_COUNT] = {
    [SIGNUP_GIVEN] = check_name,
    [SIGNUP_FAMILY] = check_family,
    [SIGNUP_TITLE] = check_text,
    [SIGNUP_EMAIL] = check_email,
    [SIGNUP_ORGANISATION] = check_organisation,
    [SIGNUP_POSITION] = check_text,
    [SIGNUP_BENCH] = check_bench,
    [SIGNUP_MODE] = check_mode,
};

/* A question, not a refusal: the same address sent once more is taken. */
static void ask_about_slip(struct arena *arena, enum lang lang,
                           const char *address, struct signup_form *form)
{
    const char *likely = address_likely(arena, address);

    if (!likely || (form->asked && strcmp(form->asked, address) == 0))
        return;
    form->asked = address;
    form->error[SIGNUP_EMAIL] =
        arena_printf(arena,
                     tr(lang, "Did you mean %s? If your address is right as "
                              "it stands, please send the form once more."),
                     likely);
}

bool signup_form_check(struct arena *arena, enum lang lang,
                       const struct signup_terms *terms,
                       struct signup_form *form, struct signup_answer *answer)
{
    const struct checking checking = { arena, form->place, terms, answer };
    const struct ask_about about =
        signup_form_ask_about(terms, form->place);
    const char *clean[SIGNUP_FIELD_COUNT] = { NULL };

    *answer = (struct signup_answer){ .mode = MODE_ONSITE };
    for (int i = 0; i < SIGNUP_FIELD_COUNT; i++) {
        bool asked = signup_asks(form->place, (enum signup_field)i);
        const char *advice = NULL;

        clean[i] = "";
        if (asked && checks[i])
            advice = checks[i](&checking, form->value[i], &clean[i]);
        form->error[i] = advice ? tr(lang, advice) : NULL;
    }
    if (!form->error[SIGNUP_EMAIL] && clean[SIGNUP_EMAIL])
        ask_about_slip(arena, lang, clean[SIGNUP_EMAIL], form);
    (void)support_form_check(arena, lang, &form->support, &answer->support);
    answer->wants_invite = *form->value[SIGNUP_INVITE] != '\0';
    answer->person.given_name = clean[SIGNUP_GIVEN];
    answer->person.family_name = clean[SIGNUP_FAMILY];
    answer->person.title = clean[SIGNUP_TITLE];
    answer->person.address = clean[SIGNUP_EMAIL];
    answer->person.organisation = clean[SIGNUP_ORGANISATION];
    answer->person.position = clean[SIGNUP_POSITION];
    if (!form->ask.entries)
        ask_form_clear(arena, &about, &form->ask);
    form->ask_verdict = ask_form_check(
        arena, lang, form->error[SIGNUP_MODE] ? -1 : (int)answer->mode,
        &form->ask, &answer->answers);
    return !signup_form_has_errors(form) && form->ask_verdict == ASK_FINE;
}
