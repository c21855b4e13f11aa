/* The form as the page shows it. */
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/rules/promise.h"
#include "web/pages/facts.h"
#include "web/pages/signup_form.h"
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

static void add_input(const struct page *page,
                      const struct signup_form *form, enum signup_field field,
                      bool required, struct view_fields *to)
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

    view.described = described(page, id, view.hint, view.error);
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

static void add_benches(const struct page *page,
                        const struct signup_terms *terms,
                        const struct signup_form *form,
                        struct view_choices *to)
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

static void add_mode(const struct page *page, const struct pool *pool,
                     enum mode mode, bool checked, struct view_choices *to)
{
    const char *left =
        format_number(page->arena, page->lang, pool_left(pool));

    to->items[to->count++] = (struct view_choice){
        .id = arena_printf(page->arena, "mode-%s", mode_word(mode)),
        .value = mode_word(mode),
        .label = words_mode(page->lang, mode),
        .hint = arena_printf(page->arena,
                             trn(page->lang, "%s place left",
                                 "%s places left", (long)pool_left(pool)),
                             left),
        .checked = checked,
    };
}

/* A full mode is not on offer; the hint says so. */
static const char *full_hint(const struct page *page,
                             const struct pools *pools)
{
    if (pool_left(&pools->at[MODE_ONSITE]) == 0)
        return tr(page->lang, "All places on site are taken. You can take "
                              "part online.");
    if (pool_left(&pools->at[MODE_ONLINE]) == 0)
        return tr(page->lang, "All places online are taken. You can take "
                              "part on site.");
    return NULL;
}

static void add_modes(const struct page *page,
                      const struct signup_terms *terms,
                      const struct signup_form *form,
                      struct view_choices *to)
{
    const struct pools *pools = terms->pools;

    to->id = to->name = signup_field_name(SIGNUP_MODE);
    to->legend = tr(page->lang, "How will you attend?");
    to->error = form->error[SIGNUP_MODE];
    to->required = true;
    if (!pools->offered[MODE_ONSITE] || !pools->offered[MODE_ONLINE])
        return;
    to->hint = full_hint(page, pools);
    to->described = described(page, to->id, to->hint, to->error);
    to->items = ARENA_ARRAY(page->arena, struct view_choice, MODE_COUNT);
    for (int mode = 0; mode < MODE_COUNT; mode++) {
        const char *word = mode_word((enum mode)mode);
        bool only = to->hint != NULL;

        if (pool_left(&pools->at[mode]) > 0)
            add_mode(page, &pools->at[mode], (enum mode)mode,
                     only || strcmp(form->value[SIGNUP_MODE], word) == 0, to);
    }
}

/* A group of radio buttons is reached by its first button. */
static const char *target(const struct page *page, const char *id,
                          const struct view_form *view)
{
    if (strcmp(id, view->bench.id) == 0 && view->bench.count)
        id = view->bench.items[0].id;
    if (strcmp(id, view->mode.id) == 0 && view->mode.count)
        id = view->mode.items[0].id;
    return arena_printf(page->arena, "#%s", id);
}

/* Where one mode alone has seats, its button is pressed already. -1: not
 * said yet. */
static int shown_mode(const struct pools *pools,
                      const struct signup_form *form)
{
    enum mode mode;

    if (mode_parse(form->value[SIGNUP_MODE], &mode))
        return (int)mode;
    if (pool_left(&pools->at[MODE_ONSITE]) == 0)
        return MODE_ONLINE;
    return pool_left(&pools->at[MODE_ONLINE]) == 0 ? MODE_ONSITE : -1;
}

static void add_questions(const struct page *page,
                          const struct signup_terms *terms,
                          const struct signup_form *form,
                          struct view_form *view)
{
    const struct ask_about about = signup_form_ask_about(terms);
    struct ask_form ask = form->ask;

    if (!ask.entries)
        ask_form_clear(page->arena, &about, &ask);
    ask_form_view(page->arena, page->lang, shown_mode(terms->pools, form),
                  &ask, &view->questions);
    ask_form_faults(page->arena, &ask, &view->errors);
    if (form->ask_verdict == ASK_FINE)
        return;
    view->more.items = ARENA_ARRAY(page->arena, struct view_fault,
                                   about.questions.count);
    ask_form_more(page->arena, page->lang, &ask, &view->more);
}

static void add_faults(const struct page *page,
                       const struct signup_terms *terms,
                       const struct signup_form *form, struct view_form *view)
{
    const struct ask_about about = signup_form_ask_about(terms);

    view->errors.items =
        ARENA_ARRAY(page->arena, struct view_fault,
                    SIGNUP_FIELD_COUNT + SUPPORT_FAULTS +
                        about.questions.count);
    for (int i = 0; i < SIGNUP_FIELD_COUNT; i++) {
        const char *id = signup_field_name((enum signup_field)i);

        if (form->error[i])
            view->errors.items[view->errors.count++] = (struct view_fault){
                .url = target(page, id, view),
                .words = form->error[i],
            };
    }
    add_questions(page, terms, form, view);
    support_form_faults(page, "", &form->support, &view->errors);
}

/* When it goes, in one sentence (EXPERIENCE A32). */
static const char *promise_words(const struct page *page,
                                 const struct meeting *meeting)
{
    int64_t due = promise_due(meeting);
    int64_t support = promise_support_due(meeting);
    const char *day = format_date(page->arena, page->lang, meeting->zone,
                                  due);

    if (support == due)
        return arena_printf(page->arena,
                            tr(page->lang,
                               "We need your details for this meeting only "
                               "and delete them on %s."), day);
    return arena_printf(page->arena,
                        tr(page->lang,
                           "We need your details for this meeting only and "
                           "delete them on %s, those on support already on "
                           "%s."), day,
                        format_date(page->arena, page->lang, meeting->zone,
                                    support));
}

void signup_form_view(const struct page *page,
                      const struct signup_terms *terms,
                      const struct signup_form *form, struct view_form *view)
{
    const struct meeting *meeting = terms->meeting;

    view->asked = form->asked;
    view->person.items =
        ARENA_ARRAY(page->arena, struct view_field, SIGNUP_FIELD_COUNT);
    view->organisation.items =
        ARENA_ARRAY(page->arena, struct view_field, SIGNUP_FIELD_COUNT);
    add_input(page, form, SIGNUP_GIVEN, false, &view->person);
    add_input(page, form, SIGNUP_FAMILY, true, &view->person);
    add_input(page, form, SIGNUP_TITLE, false, &view->person);
    add_input(page, form, SIGNUP_EMAIL, true, &view->person);
    add_input(page, form, SIGNUP_ORGANISATION, meeting->ask_organisation,
              &view->organisation);
    add_input(page, form, SIGNUP_POSITION, false, &view->organisation);
    add_benches(page, terms, form, &view->bench);
    add_modes(page, terms, form, &view->mode);
    view->invite = *form->value[SIGNUP_INVITE] != '\0';
    view->button = meeting->scarce
                       ? tr(page->lang, "Make a binding registration")
                       : tr(page->lang, "Register now");
    view->privacy_text = promise_words(page, meeting);
    add_faults(page, terms, form, view);
}
