#include "web/pages/person_form.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/http/form.h"
#include "daemon/http/request.h"
#include "web/pages/signup_form_view.h"
#include "web/view/i18n.h"

static const enum signup_field fields[] = {
    SIGNUP_GIVEN, SIGNUP_FAMILY, SIGNUP_TITLE, SIGNUP_EMAIL,
    SIGNUP_ORGANISATION, SIGNUP_POSITION,
};

static void clear(struct signup_form *form)
{
    *form = (struct signup_form){ 0 };
    for (int i = 0; i < SIGNUP_FIELD_COUNT; i++)
        form->value[i] = "";
}

void person_form_load(const struct page *page, const struct registration *r,
                      struct signup_form *form)
{
    const struct person *person = &r->person;

    clear(form);
    form->value[SIGNUP_GIVEN] = person->given_name;
    form->value[SIGNUP_FAMILY] = person->family_name;
    form->value[SIGNUP_TITLE] = person->title;
    form->value[SIGNUP_ORGANISATION] = person->organisation;
    form->value[SIGNUP_POSITION] = person->position;
    if (person->bench_id != 0)
        form->value[SIGNUP_BENCH] = arena_printf(
            page->arena, "%lld", (long long)person->bench_id);
    form->value[SIGNUP_INVITE] = r->wants_invite ? "1" : "";
}

void person_form_clear(const struct registration *r, struct signup_form *form)
{
    clear(form);
    form->value[SIGNUP_ORGANISATION] = r->person.organisation;
    form->value[SIGNUP_INVITE] = r->wants_invite ? "1" : "";
}

void person_form_read(const struct request *request,
                      struct signup_form *form)
{
    clear(form);
    for (int i = 0; i < SIGNUP_FIELD_COUNT; i++)
        form->value[i] = form_get(request->form,
                                  signup_field_name((enum signup_field)i));
    form->asked = form_get(request->form, "email-asked");
}

static struct signup_terms terms_of(const struct mine *mine)
{
    return (struct signup_terms){
        .meeting = &mine->meeting, .pools = &mine->pools,
        .benches = &mine->benches, .alliance = &mine->alliance,
    };
}

/* The mode is not asked here, nor one's own address: for the checks of the
 * meeting's form they are as good as any. */
bool person_form_check(const struct page *page, const struct mine *mine,
                       bool somebody_else, struct signup_form *form,
                       struct signup_answer *answer)
{
    const struct signup_terms terms = terms_of(mine);

    form->value[SIGNUP_MODE] = mode_word(mine->registration.mode);
    if (!somebody_else)
        form->value[SIGNUP_EMAIL] = "name@example.org";
    return signup_form_check(page->arena, page->lang, &terms, form, answer);
}

static const char *target(const struct page *page, enum signup_field field,
                          const struct view_person *view)
{
    const char *id = field == SIGNUP_BENCH && view->bench.count
        ? view->bench.items[0].id : signup_field_name(field);

    return arena_printf(page->arena, "#%s", id);
}

static void add_faults(const struct page *page,
                       const struct signup_form *form,
                       struct view_person *view)
{
    view->errors.items =
        ARENA_ARRAY(page->arena, struct view_fault, SIGNUP_FIELD_COUNT);
    for (int i = 0; i < SIGNUP_FIELD_COUNT; i++)
        if (form->error[i])
            view->errors.items[view->errors.count++] = (struct view_fault){
                target(page, (enum signup_field)i, view), form->error[i],
            };
}

/* It is not the browser's own user who is asked about. */
static void ask_about_other(const struct page *page,
                            struct view_field *field)
{
    field->autocomplete = "off";
    if (strcmp(field->type, "email") == 0)
        field->hint = tr(page->lang, "The other person gets an e-mail "
                                     "there.");
}

void person_form_view(const struct page *page, const struct mine *mine,
                      bool somebody_else, const struct signup_form *form,
                      struct view_person *view)
{
    const struct signup_terms terms = terms_of(mine);
    size_t count = sizeof fields / sizeof *fields;

    view->fields.items = ARENA_ARRAY(page->arena, struct view_field, count);
    for (size_t i = 0; i < count; i++) {
        bool required = fields[i] == SIGNUP_FAMILY ||
            fields[i] == SIGNUP_EMAIL ||
            (fields[i] == SIGNUP_ORGANISATION &&
             mine->meeting.ask_organisation);

        if (fields[i] != SIGNUP_EMAIL || somebody_else)
            signup_input(page, form, fields[i], required, &view->fields);
    }
    for (size_t i = 0; somebody_else && i < view->fields.count; i++)
        ask_about_other(page, &view->fields.items[i]);
    signup_benches(page, &terms, form, &view->bench);
    view->asked = form->asked;
    view->invite = *form->value[SIGNUP_INVITE] != '\0';
    view->has_invite = somebody_else || mine->registration.person.address;
    add_faults(page, form, view);
}
