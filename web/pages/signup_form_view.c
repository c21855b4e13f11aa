#include "web/pages/signup_form_view.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "web/pages/facts.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/words.h"

/* How each text input looks (EXPERIENCE section 8). */
struct input {
    const char *label, *optional; /* optional NULL: never said to be */
    const char *hint;
    const char *type, *autocomplete, *list;
    bool name, plain;
};

static const struct input inputs[] = {
    [SIGNUP_GIVEN] = { N_("First name"), NULL, NULL, "text", "given-name",
                       .name = true },
    [SIGNUP_FAMILY] = { N_("Last name"), NULL, NULL, "text", "family-name",
                        .name = true },
    [SIGNUP_TITLE] = { N_("Title"), N_("Title (optional)"), NULL, "text",
                       "honorific-prefix", "titles", .name = true },
    [SIGNUP_EMAIL] = { N_("E-mail address"), NULL,
                       N_("We send your confirmation to this address."),
                       "email", "email", .plain = true },
    [SIGNUP_ORGANISATION] = { N_("Organisation"),
                              N_("Organisation (optional)"), NULL, "text",
                              "organization", .name = true },
    [SIGNUP_POSITION] = { N_("Role"), N_("Role (optional)"),
                          N_("What you do there."), "text",
                          "organization-title", .name = true },
};

static const struct view_link titles[] = {
    { .words = "Dr." }, { .words = "Prof." }, { .words = "Prof. Dr." },
};

const char *signup_field_label(enum lang lang, enum signup_field field)
{
    if (field == SIGNUP_BENCH)
        return tr(lang, "Group");
    if (field == SIGNUP_MODE)
        return tr(lang, "Taking part");
    return tr(lang, inputs[field].label);
}

/* The ids that describe a control, as far as they are there. */
static const char *described(const struct page *page, const char *id,
                             bool hint, bool error)
{
    if (hint && error)
        return arena_printf(page->arena, "%s-hint %s-error", id, id);
    if (hint || error)
        return arena_printf(page->arena, "%s-%s", id,
                            hint ? "hint" : "error");
    return NULL;
}

/* Of somebody else it is not the browser's own user that is asked about. */
static struct view_field guest_input(const struct page *page,
                                     const struct view_field *own,
                                     enum signup_field field,
                                     const char *suffix)
{
    struct view_field view = *own;

    view.id = view.name = arena_printf(page->arena, "%s%s", own->id, suffix);
    view.autocomplete = "off";
    if (field == SIGNUP_EMAIL) {
        view.label = tr(page->lang, "E-mail address (optional)");
        view.hint = tr(page->lang, "With an address of their own they get "
                                   "letters of their own; without one you "
                                   "get them.");
        view.required = false;
    }
    return view;
}

void signup_input(const struct page *page, const struct signup_form *form,
                  enum signup_field field, bool required,
                  struct view_fields *to)
{
    const struct input *input = &inputs[field];
    const char *id = signup_field_name(field);
    const char *label =
        input->optional && !required ? input->optional : input->label;
    struct view_field view = {
        .id = id,
        .name = id,
        .label = tr(page->lang, label),
        .hint = input->hint ? tr(page->lang, input->hint) : NULL,
        .error = form->error[field],
        .value = form->value[field],
        .type = input->type,
        .autocomplete = input->autocomplete,
        .list = input->list,
        .required = required,
        .names = input->name,
        .plain = input->plain,
    };

    if (form->place > 0)
        view = guest_input(page, &view, field, signup_suffix(form->place));
    view.described = described(page, view.id, view.hint, view.error);
    if (view.list)
        view.suggestions = (struct view_links){
            arena_memdup(page->arena, titles, sizeof titles),
            sizeof titles / sizeof *titles,
        };
    to->items[to->count++] = view;
}

static void add_bench(const struct page *page, const struct bench *bench,
                      const char *typed, struct view_choices *to)
{
    const char *value =
        bench ? arena_printf(page->arena, "%lld", (long long)bench->id) : "";

    to->items[to->count++] = (struct view_choice){
        .id = bench ? arena_printf(page->arena, "bench-%s", value)
                    : "bench-none",
        .value = value,
        .label = bench ? lang_pick(&bench->name, page->lang)
                       : tr(page->lang, "Not stated"),
        .checked = strcmp(typed, value) == 0,
    };
}

void signup_benches(const struct page *page,
                    const struct signup_terms *terms,
                    const struct signup_form *form, struct view_choices *to)
{
    const struct benches *benches = terms->benches;

    to->id = to->name = signup_field_name(SIGNUP_BENCH);
    to->legend = tr(page->lang, "I belong to (optional)");
    to->error = form->error[SIGNUP_BENCH];
    to->described = described(page, to->id, false, to->error);
    if (!benches->count)
        return;
    to->many = benches->count > 3;
    to->items =
        ARENA_ARRAY(page->arena, struct view_choice, benches->count + 1);
    for (size_t i = 0; i < benches->count; i++)
        add_bench(page, &benches->items[i], form->value[SIGNUP_BENCH], to);
    add_bench(page, NULL, form->value[SIGNUP_BENCH], to);
}

/* ---- seats ---- */

enum vacancy signup_vacancy(const struct signup_showing *s, size_t place,
                      enum mode mode)
{
    const struct pools *pools = s->terms->pools;
    int64_t people = signup_party_count(s->party, pools, mode);

    if (!pools->offered[mode])
        return VACANCY_NONE;
    if (!signup_wants(&s->party->people[place], pools, mode))
        people++;
    return meeting_vacancy(s->terms->meeting, &pools->at[mode], people);
}

/* What a person may choose: a mode with room for her alone stays on offer
 * where it has none for all who want it, else nobody of them could say who
 * takes the places that are left. */
static enum vacancy on_offer(const struct signup_showing *s, size_t place,
                             enum mode mode)
{
    const struct pools *pools = s->terms->pools;
    enum vacancy room = signup_vacancy(s, place, mode);

    return room == VACANCY_NONE && pools->offered[mode]
               ? meeting_vacancy(s->terms->meeting, &pools->at[mode], 1)
               : room;
}

static const char *mode_label(const struct page *page, enum mode mode,
                              enum vacancy room)
{
    if (room == VACANCY_SEATS)
        return words_mode(page->lang, mode);
    return mode == MODE_ONSITE ? tr(page->lang, "On site: waiting list")
                               : tr(page->lang, "Online: waiting list");
}

static const char *mode_hint(const struct page *page,
                             const struct pool *pool, enum vacancy room)
{
    long left = (long)pool_left(pool);

    if (room == VACANCY_QUEUE)
        return facts_waiting(page, pool);
    if (left == 0)
        return NULL; /* nobody needs one yet */
    return arena_printf(page->arena,
                        trn(page->lang, "%s place left", "%s places left",
                            left),
                        format_number(page->arena, page->lang, left));
}

static void add_mode(const struct signup_showing *s, size_t place,
                     enum mode mode, enum vacancy room, struct view_choices *to)
{
    const struct page *page = s->page;
    const struct signup_form *form = &s->party->people[place];
    const char *word = signup_wish_word(mode, room == VACANCY_QUEUE);

    to->items[to->count++] = (struct view_choice){
        .id = arena_printf(page->arena, "mode-%s%s", mode_word(mode),
                           signup_suffix(place)),
        .value = word,
        .label = mode_label(page, mode, room),
        .hint = mode_hint(page, &s->terms->pools->at[mode], room),
        .checked = room == VACANCY_SEATS
                       ? signup_wants(form, s->terms->pools, mode)
                       : strcmp(form->value[SIGNUP_MODE], word) == 0,
    };
}

/* A mode in which nobody can even wait is not on offer; the hint says so. */
static const char *full_hint(const struct page *page, enum vacancy onsite,
                             enum vacancy online)
{
    if (onsite == VACANCY_NONE)
        return tr(page->lang, "All places on site are taken. You can take "
                              "part online.");
    if (online == VACANCY_NONE)
        return tr(page->lang, "All places online are taken. You can take "
                              "part on site.");
    return NULL;
}

static void add_modes(const struct signup_showing *s, size_t place,
                      struct view_choices *to)
{
    const struct page *page = s->page;
    const struct signup_form *form = &s->party->people[place];
    enum vacancy room[MODE_COUNT];
    enum mode only;

    if (signup_only_mode(s->terms->pools, &only))
        return;
    to->id = to->name =
        arena_printf(page->arena, "%s%s", signup_field_name(SIGNUP_MODE),
                     signup_suffix(place));
    to->legend = place == 0 ? tr(page->lang, "How will you attend?")
                            : tr(page->lang, "How will they attend?");
    to->error = form->error[SIGNUP_MODE];
    to->required = true;
    for (int mode = 0; mode < MODE_COUNT; mode++)
        room[mode] = on_offer(s, place, (enum mode)mode);
    to->hint = full_hint(page, room[MODE_ONSITE], room[MODE_ONLINE]);
    to->described = described(page, to->id, to->hint, to->error);
    to->items = ARENA_ARRAY(page->arena, struct view_choice, MODE_COUNT);
    for (int mode = 0; mode < MODE_COUNT; mode++)
        if (room[mode] != VACANCY_NONE)
            add_mode(s, place, (enum mode)mode, room[mode], to);
    if (to->count == 1 && !to->error)
        to->items[0].checked = true;
}

/* ---- a person ---- */

/* Where one mode alone has room, its button is pressed already. -1: not said
 * yet. */
static int shown_mode(const struct signup_showing *s, size_t place)
{
    enum mode mode;
    bool may_wait;

    if (signup_only_mode(s->terms->pools, &mode) ||
        signup_wish_parse(s->party->people[place].value[SIGNUP_MODE], &mode,
                          &may_wait))
        return (int)mode;
    if (on_offer(s, place, MODE_ONSITE) == VACANCY_NONE)
        return MODE_ONLINE;
    if (on_offer(s, place, MODE_ONLINE) == VACANCY_NONE)
        return MODE_ONSITE;
    return -1;
}

static struct ask_form asked(const struct signup_showing *s, size_t place)
{
    const struct ask_about about = signup_form_ask_about(s->terms, place);
    struct ask_form ask = s->party->people[place].ask;

    if (!ask.entries)
        ask_form_clear(s->page->arena, &about, &ask);
    return ask;
}

static void view_questions(const struct signup_showing *s, size_t place,
                           struct view_questions *to)
{
    struct ask_form ask = asked(s, place);

    ask_form_view(s->page->arena, s->page->lang, shown_mode(s, place), &ask,
                  to);
}

static void view_support(const struct signup_showing *s, size_t place,
                         struct view_support *to)
{
    support_form_view(s->page, s->terms->meeting, s->terms->alliance,
                      signup_suffix(place), &s->party->people[place].support,
                      to);
}

void signup_lead_view(const struct signup_showing *s, struct view_form *view)
{
    const struct page *page = s->page;
    const struct signup_form *form = &s->party->people[0];

    view->asked = form->asked;
    view->person.items =
        ARENA_ARRAY(page->arena, struct view_field, SIGNUP_FIELD_COUNT);
    view->organisation.items =
        ARENA_ARRAY(page->arena, struct view_field, SIGNUP_FIELD_COUNT);
    signup_input(page, form, SIGNUP_GIVEN, false, &view->person);
    signup_input(page, form, SIGNUP_FAMILY, true, &view->person);
    signup_input(page, form, SIGNUP_TITLE, false, &view->person);
    signup_input(page, form, SIGNUP_EMAIL, true, &view->person);
    signup_input(page, form, SIGNUP_ORGANISATION,
              s->terms->meeting->ask_organisation, &view->organisation);
    signup_input(page, form, SIGNUP_POSITION, false, &view->organisation);
    signup_benches(page, s->terms, form, &view->bench);
    add_modes(s, 0, &view->mode);
    view->invite = *form->value[SIGNUP_INVITE] != '\0';
    view_questions(s, 0, &view->questions);
    view_support(s, 0, &view->support);
}

void signup_guest_view(const struct signup_showing *s, size_t place,
                       struct view_guest *view)
{
    const struct page *page = s->page;
    const struct signup_form *form = &s->party->people[place];
    int number = (int)place + 1;

    view->number = number;
    view->id = arena_printf(page->arena, "person-%d", number);
    view->asked = form->asked;
    view->asked_name = arena_printf(page->arena, "email-asked%s",
                                    signup_suffix(place));
    view->person.items =
        ARENA_ARRAY(page->arena, struct view_field, SIGNUP_FIELD_COUNT);
    signup_input(page, form, SIGNUP_GIVEN, false, &view->person);
    signup_input(page, form, SIGNUP_FAMILY, true, &view->person);
    signup_input(page, form, SIGNUP_EMAIL, false, &view->person);
    view->person.items[0].focus = s->party->focus == SIGNUP_FOCUS_LAST &&
                                  place + 1 == s->party->count;
    add_modes(s, place, &view->mode);
    view_questions(s, place, &view->questions);
    view_support(s, place, &view->support);
}

/* ---- what is wrong ---- */

size_t signup_faults_most(const struct signup_terms *terms)
{
    return SIGNUP_FIELD_COUNT + SUPPORT_FAULTS +
           (terms->questions ? terms->questions->count : 0);
}

/* A group of radio buttons is reached by its first button. */
static const char *target(const struct signup_showing *s, size_t place,
                          enum signup_field field,
                          const struct view_choices *bench,
                          const struct view_choices *mode)
{
    struct arena *arena = s->page->arena;

    if (field == SIGNUP_BENCH && bench->count)
        return arena_printf(arena, "#%s", bench->items[0].id);
    if (field == SIGNUP_MODE && mode->count)
        return arena_printf(arena, "#%s", mode->items[0].id);
    return arena_printf(arena, "#%s%s", signup_field_name(field),
                        signup_suffix(place));
}

void signup_person_faults(const struct signup_showing *s, size_t place,
                          const struct view_choices *mode,
                          struct view_form *view)
{
    const struct signup_form *form = &s->party->people[place];
    const struct ask_form ask = asked(s, place);
    struct arena *arena = s->page->arena;

    for (int i = 0; i < SIGNUP_FIELD_COUNT; i++)
        if (form->error[i])
            view->errors.items[view->errors.count++] = (struct view_fault){
                .url = target(s, place, (enum signup_field)i, &view->bench,
                              mode),
                .words = form->error[i],
            };
    ask_form_faults(arena, &ask, &view->errors);
    if (form->ask_verdict != ASK_FINE)
        ask_form_more(arena, s->page->lang, &ask, &view->more);
    support_form_faults(s->page, signup_suffix(place), &form->support,
                        &view->errors);
}
