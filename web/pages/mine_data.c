/* "/de/r/{token}/data.json": everything that we hold about one person at one
 * meeting, for that person (DSGVO Art. 15 and 20). Keys are plain English
 * words, times those of the meeting's zone. */
#include <string.h>
#include <strings.h>

#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/http/response.h"
#include "daemon/rules/promise.h"
#include "daemon/store/consent_store.h"
#include "daemon/store/feedback_store.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/record_store.h"
#include "daemon/store/seat_store.h"
#include "daemon/store/support_store.h"
#include "daemon/store/wish_store.h"
#include "web/pages/mine.h"
#include "web/pages/pages.h"
#include "web/texts.h"
#include "web/view/format.h"
#include "web/view/i18n.h"
#include "web/view/json.h"

#define JSON_TYPE "application/json; charset=utf-8"

struct data {
    const struct page *page;
    const struct mine *mine;
    const char *token;
};

/* NULL for what is empty or has not happened. */
static json_t *text(const char *words)
{
    return words && *words ? json_string(words) : json_null();
}

static json_t *instant(const struct data *data, int64_t at)
{
    return at ? json_string(format_iso(data->page->arena,
                                       data->mine->meeting.zone, at))
              : json_null();
}

static json_t *meeting_part(const struct data *data)
{
    const struct page *page = data->page;
    const struct meeting *meeting = &data->mine->meeting;

    return json_pack(
        "{s:s, s:s, s:o, s:o, s:s}",
        "title", lang_pick(&meeting->title, page->lang),
        "organiser", lang_pick(&data->mine->alliance.name, page->lang),
        "starts", instant(data, meeting->starts_at),
        "ends", instant(data, meeting->ends_at),
        "page", page_absolute(page, page_meeting(page, meeting)));
}

static json_t *person_part(const struct data *data)
{
    const struct person *person = &data->mine->registration.person;
    const struct bench *bench = bench_find(&data->mine->benches,
                                           person->bench_id);

    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
        "title", text(person->title),
        "given_name", text(person->given_name),
        "family_name", text(person->family_name),
        "email", text(person->address),
        "organisation", text(person->organisation),
        "position", text(person->position),
        "group", text(bench ? lang_pick(&bench->name, data->page->lang)
                            : NULL));
}

static json_t *registration_part(const struct data *data)
{
    const struct registration *r = &data->mine->registration;

    return json_pack(
        "{s:s, s:s, s:s, s:s, s:b, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:s}",
        "reference", r->reference,
        "state", registration_state_word(r->state),
        "takes_part", mode_word(r->mode),
        "language_of_letters", lang_code(r->lang),
        "wants_calendar_invitation", (int)r->wants_invite,
        "registered", instant(data, r->created_at),
        "changed", instant(data, r->changed_at),
        "cancelled", instant(data, r->cancelled_at),
        "address_to_be_confirmed_by", instant(data, r->confirm_by),
        "awaits_approval", (int)r->undecided,
        "reason_of_the_organiser", text(r->reason),
        "letters_go_to", text(r->mailbox),
        "link", page_absolute(data->page,
                              mine_url(data->page, data->token, "")));
}

static json_t *promise_part(const struct data *data)
{
    const struct page *page = data->page;
    const struct texts *texts = page->site->texts;
    bool notice = texts && texts_get(texts, TEXT_DATENSCHUTZ, page->lang);
    const char *slug = texts_slug(TEXT_DATENSCHUTZ);

    return json_pack(
        "{s:s, s:s, s:o}",
        "purpose", tr(page->lang, "We need your details for this meeting "
                                  "only."),
        "deleted_on", format_iso_date(page->arena, data->mine->meeting.zone,
                                      promise_due(&data->mine->meeting)),
        "notice", notice ? json_string(page_absolute(
                               page, page_alliance(page, slug)))
                         : json_null());
}

static json_t *letter_part(const struct data *data, const struct letter *l)
{
    const struct page *page = data->page;

    return json_pack(
        "{s:s, s:s, s:o, s:s, s:o, s:o, s:I, s:o}",
        "kind", letter_kind_word(l->kind),
        "state", letter_state_word(l->state),
        "to", text(l->address),
        "message_id", id_at(page->arena, &l->public_id,
                            page->site->settings->mail_domain),
        "written", instant(data, l->created_at),
        "settled", instant(data, l->settled_at),
        "attempts", (json_int_t)l->attempts,
        "answer_of_the_mail_server", text(l->remark));
}

static json_t *answers_part(const struct data *data,
                            const struct answers *answers)
{
    const struct page *page = data->page;
    struct view_entries entries = { 0 };
    json_t *list = json_array();

    ask_entries(page->arena, page->lang, &data->mine->asked.questions,
                answers, &entries);
    for (size_t i = 0; i < entries.count; i++)
        json_array_append_new(
            list, json_pack("{s:s, s:s}", "question", entries.items[i].label,
                            "answer", entries.items[i].value));
    return list;
}

/* Until they are out, letters to whoever handed this seat over are hers
 * alone. */
static bool is_hers(const struct data *data, const struct letter *letter)
{
    const char *mailbox = data->mine->registration.mailbox;

    return letter->kind == LETTER_WISH_TO_HOST || !mailbox ||
           strcasecmp(letter->address, mailbox) == 0;
}

static enum rc add_letters(const struct data *data, json_t *all,
                           struct err *err)
{
    json_t *list = json_array();
    struct record_letters letters;
    enum rc rc = record_letters(data->page->site->reader, data->page->arena,
                                data->mine->registration.id, &letters, err);

    for (size_t i = 0; rc == RC_OK && i < letters.count; i++)
        if (is_hers(data, &letters.items[i]))
            json_array_append_new(list,
                                  letter_part(data, &letters.items[i]));
    json_object_set_new(all, "letters", list);
    return rc;
}

static enum rc add_invite(const struct data *data, json_t *all,
                          struct err *err)
{
    struct invite invite;
    enum rc rc = invite_by_id(data->page->site->reader, data->page->arena,
                              data->mine->registration.invite_id, &invite,
                              err);

    json_object_set_new(
        all, "calendar_invitation",
        rc != RC_OK ? json_null()
                    : json_pack("{s:s, s:I, s:b, s:o}", "uid", invite.uid,
                                "sequence", (json_int_t)invite.sequence,
                                "withdrawn", (int)invite.cancelled,
                                "last_message",
                                instant(data, invite.stamp)));
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc add_address(const struct data *data, json_t *all,
                           struct err *err)
{
    const char *address = data->mine->registration.person.address;
    json_t *steps = json_array();
    struct record_address known = { 0 };
    enum rc rc = RC_OK;

    if (address)
        rc = record_address(data->page->site->reader, data->page->arena,
                            address_key(data->page->arena, address), &known,
                            err);
    for (size_t i = 0; i < known.step_count; i++)
        json_array_append_new(steps, instant(data, known.steps[i]));
    json_object_set_new(all, "email_address",
                        json_pack("{s:o, s:o}", "first_used_a_mailed_link",
                                  instant(data, known.proven_at),
                                  "letters_asked_for_of_late", steps));
    return rc;
}

/* What came with this address by the form for barriers. */
static enum rc add_feedback(const struct data *data, json_t *all,
                            struct err *err)
{
    const struct page *page = data->page;
    const char *address = data->mine->registration.person.address;
    json_t *list = json_array();
    struct feedbacks found = { 0 };
    enum rc rc = RC_OK;

    if (address)
        rc = feedback_of_address(page->site->reader, page->arena,
                                 address_key(page->arena, address), &found,
                                 err);
    for (size_t i = 0; i < found.count; i++) {
        const struct feedback *f = &found.items[i];

        json_array_append_new(
            list, json_pack("{s:o, s:s, s:s, s:o, s:o}", "received",
                            instant(data, f->received_at), "message",
                            f->message, "page", f->page, "answer_due",
                            instant(data, f->due_at), "answered",
                            instant(data, f->answered_at)));
    }
    json_object_set_new(all, "reported_barriers", list);
    return rc;
}

/* Seats that are waited for, or held for an answer. */
static enum rc add_waiting(const struct data *data, json_t *all,
                           struct err *err)
{
    const struct pools *pools = &data->mine->pools;
    json_t *list = json_array();
    struct waits waits = { 0 };
    enum rc rc = wait_of_registration(data->page->site->reader,
                                      data->page->arena,
                                      data->mine->registration.id, &waits,
                                      err);

    for (size_t i = 0; i < waits.count; i++) {
        const struct wait *wait = &waits.items[i];
        bool online = pools->offered[MODE_ONLINE] &&
                      wait->pool_id == pools->at[MODE_ONLINE].id;

        json_array_append_new(
            list, json_pack("{s:s, s:o, s:o}", "for",
                            mode_word(online ? MODE_ONLINE : MODE_ONSITE),
                            "since", instant(data, wait->since),
                            "seat_held_until",
                            instant(data, wait->claim_by)));
    }
    json_object_set_new(all, "waiting", list);
    return rc;
}

static json_t *wanted_answers(const struct data *data,
                              const struct wish *wish)
{
    const struct mine *mine = data->mine;
    struct answers answers;

    wish_answers(data->page->arena, wish, &mine->asked.questions,
                 (int)mine->registration.mode, &answers);
    return answers_part(data, &answers);
}

static json_t *wanted_values(const struct wish *wish)
{
    json_t *wanted = json_object();

    for (size_t i = 0; i < wish->count; i++)
        json_object_set_new(wanted, wish->values[i].field,
                            text(wish->values[i].wanted));
    return wanted;
}

static json_t *wish_part(const struct data *data, const struct wish *wish)
{
    json_t *wanted = wish->kind == WISH_ANSWERS ? wanted_answers(data, wish)
                                                : wanted_values(wish);

    return json_pack("{s:s, s:o, s:o, s:o, s:o}", "kind",
                     wish_kind_word(wish->kind), "wanted", wanted, "asked",
                     instant(data, wish->made_at), "declined",
                     instant(data, wish->declined_at),
                     "reason_of_the_organiser", text(wish->reason));
}

/* What was asked of the organiser after the deadline for changes. */
static enum rc add_wishes(const struct data *data, json_t *all,
                          struct err *err)
{
    json_t *list = json_array();
    struct wishes wishes = { 0 };
    enum rc rc = wish_of_registration(data->page->site->reader,
                                      data->page->arena,
                                      data->mine->registration.id, &wishes,
                                      err);

    for (size_t i = 0; i < wishes.count; i++)
        json_array_append_new(list, wish_part(data, &wishes.items[i]));
    json_object_set_new(all, "wishes", list);
    return rc;
}

/* null if nothing was said. */
static enum rc add_support(const struct data *data, json_t *all,
                           struct err *err)
{
    struct support support;
    int64_t since = 0;
    json_t *needs = json_array();
    enum rc rc = support_read(data->page->site->reader, data->page->arena,
                              data->mine->registration.id, &support, &since,
                              err);

    for (int i = 0; i < SUPPORT_NEED_COUNT; i++)
        if (support.needs & SUPPORT_BIT(i))
            json_array_append_new(
                needs,
                json_string(support_need_word((enum support_need)i)));
    json_object_set_new(
        all, "support",
        rc != RC_OK ? json_null()
                    : json_pack("{s:O, s:o, s:o, s:s}", "needs", needs,
                                "words", text(support.words), "since",
                                instant(data, since), "deleted_on",
                                format_iso_date(
                                    data->page->arena,
                                    data->mine->meeting.zone,
                                    promise_support_due(
                                        &data->mine->meeting))));
    json_decref(needs);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

/* What was shown, and what was agreed to. */
static enum rc add_consents(const struct data *data, json_t *all,
                            struct err *err)
{
    json_t *list = json_array();
    struct consents consents;
    enum rc rc = consent_list(data->page->site->reader, data->page->arena,
                              data->mine->registration.id, &consents, err);

    for (size_t i = 0; rc == RC_OK && i < consents.count; i++) {
        const struct consent *one = &consents.items[i];

        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:o, s:o}", "about",
                            notice_kind_word(one->notice.kind), "version",
                            one->notice.version, "language",
                            lang_code(one->notice.lang), "given",
                            instant(data, one->given_at), "withdrawn",
                            instant(data, one->withdrawn_at)));
    }
    json_object_set_new(all, "consents", list);
    return rc;
}

static const char *actor_words(int64_t actor)
{
    if (actor == 0)
        return "form or mailed link";
    return actor < 0 ? "administrator" : "organiser";
}

static enum rc add_log(const struct data *data, json_t *all, struct err *err)
{
    struct reader *reader = data->page->site->reader;
    const struct registration *r = &data->mine->registration;
    json_t *deeds = json_array(), *changes = json_array();
    struct record_deeds log = { 0 };
    struct record_values values = { 0 };
    enum rc rc = record_deeds(reader, data->page->arena, r->id, &log, err);

    if (rc == RC_OK)
        rc = record_values(reader, data->page->arena, r->person.id, &values,
                           err);
    for (size_t i = 0; i < log.count; i++)
        json_array_append_new(
            deeds, json_pack("{s:o, s:s, s:s}", "at",
                             instant(data, log.items[i].at), "what",
                             log.items[i].deed, "by",
                             actor_words(log.items[i].actor)));
    for (size_t i = 0; i < values.count; i++)
        json_array_append_new(
            changes, json_pack("{s:o, s:s, s:o, s:o}", "at",
                               instant(data, values.items[i].at), "field",
                               values.items[i].field, "before",
                               text(values.items[i].was), "after",
                               text(values.items[i].became)));
    json_object_set_new(all, "log", deeds);
    json_object_set_new(all, "changes", changes);
    return rc;
}

static enum rc collect(const struct data *data, json_t *all, struct err *err)
{
    json_object_set_new(all, "meeting", meeting_part(data));
    json_object_set_new(all, "person", person_part(data));
    json_object_set_new(all, "registration", registration_part(data));
    json_object_set_new(all, "answers",
                        answers_part(data, &data->mine->asked.answers));
    json_object_set_new(all, "data_protection", promise_part(data));
    enum rc rc = add_waiting(data, all, err);
    if (rc == RC_OK)
        rc = add_wishes(data, all, err);
    if (rc == RC_OK)
        rc = add_support(data, all, err);
    if (rc == RC_OK)
        rc = add_consents(data, all, err);
    if (rc == RC_OK)
        rc = add_invite(data, all, err);
    if (rc == RC_OK)
        rc = add_letters(data, all, err);
    if (rc == RC_OK)
        rc = add_address(data, all, err);
    if (rc == RC_OK)
        rc = add_feedback(data, all, err);
    return rc == RC_OK ? add_log(data, all, err) : rc;
}

void mine_data(struct request *request)
{
    struct page page = page_of(request);
    struct mine mine = { .phase = PHASE_DRAFT };
    struct data data = { &page, &mine, request->params[0] };
    struct err err;

    if (!mine_load(request, &page, &mine))
        return;
    json_t *all = json_object();
    if (collect(&data, all, &err) != RC_OK) {
        json_decref(all);
        page_fail(request, &err);
        return;
    }
    const char *words = json_text_lines(request->arena, all);
    response_field(request, "Content-Disposition",
                   arena_printf(request->arena,
                                "attachment; filename=\"%s-%s.json\"",
                                tr(page.lang, "my-data"),
                                mine.registration.reference));
    respond(request, 200, JSON_TYPE, words, strlen(words));
}
