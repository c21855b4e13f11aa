#include "daemon/mail/letters.h"

#include <strings.h>

#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/mail/letters_calendar.h"
#include "daemon/mail/letters_feedback.h"
#include "daemon/mail/letters_true.h"
#include "daemon/mail/letters_words.h"
#include "web/view/format.h"
#include "web/view/i18n.h"

#define BODY_MOST 65536

/* ---- the kinds ---- */

static const struct kind {
    const char *subject;
    true_rule *still_true;
    words_write *write;
    bool without_meeting;   /* in the subject */
    bool to_host;           /* not to whom it is about */
    bool nameless;          /* who has the registration now is nobody's
                               business */
    bool has_calendar;      /* then answers go to the organizer (I6) */
    enum cal_method method;
} kinds[LETTER_KIND_COUNT] = {
    [LETTER_CONFIRMATION] = { .subject = N_("Registration confirmed"),
                              .still_true = true_while_registered,
                              .write = words_confirmation },
    [LETTER_INVITATION] = { .subject = N_("Calendar invitation"),
                            .still_true = true_while_invited,
                            .write = words_invitation,
                            .has_calendar = true,
                            .method = CAL_REQUEST },
    [LETTER_GOODBYE] = { .subject = N_("Registration cancelled"),
                         .still_true = true_while_cancelled,
                         .write = words_goodbye },
    [LETTER_WITHDRAWAL] = { .subject = N_("Calendar entry withdrawn"),
                            .still_true = true_once_withdrawn,
                            .write = words_withdrawal,
                            .has_calendar = true,
                            .method = CAL_CANCEL },
    [LETTER_ALREADY] = { .subject = N_("Your registration was there already"),
                         .still_true = true_while_live,
                         .write = words_already },
    [LETTER_CALLED_OFF] = { .subject = N_("Meeting cancelled"),
                            .still_true = true_while_called_off,
                            .write = words_called_off },
    [LETTER_CONFIRM_ADDRESS] = {
        .subject = N_("Please confirm your e-mail address"),
        .still_true = true_while_unconfirmed,
        .write = words_confirm_address },
    [LETTER_WAITING] = { .subject = N_("On the waiting list"),
                         .still_true = true_while_waiting,
                         .write = words_waiting },
    [LETTER_MOVED_UP] = { .subject = N_("You have a place now"),
                          .still_true = true_while_registered,
                          .write = words_moved_up },
    [LETTER_OFFER] = { .subject = N_("We keep a place for you"),
                       .still_true = true_while_offered,
                       .write = words_offer },
    [LETTER_LAPSED] = { .subject = N_("The offer of a place has ended"),
                        .still_true = true_once_lapsed,
                        .write = words_lapsed },
    [LETTER_PENDING] = { .subject = N_("Your registration has reached us"),
                         .still_true = true_while_pending,
                         .write = words_pending },
    [LETTER_DECLINED] = {
        .subject = N_("Your registration could not be accepted"),
        .still_true = true_while_declined,
        .write = words_declined },
    [LETTER_CHANGED] = { .subject = N_("Your registration has changed"),
                         .still_true = true_while_registered,
                         .write = words_changed },
    [LETTER_HANDED_OVER] = { .subject = N_("Your place was handed over"),
                             .still_true = true_once_handed_over,
                             .write = words_handed_over,
                             .nameless = true },
    [LETTER_LINKS] = { .subject = N_("The links to your registrations"),
                       .still_true = true_while_any_is_live,
                       .write = words_links,
                       .without_meeting = true },
    [LETTER_WISH_TO_HOST] = { .subject = N_("A request for a change"),
                              .still_true = true_while_wished,
                              .write = words_wish_to_host,
                              .to_host = true },
    [LETTER_WISH_DECLINED] = { .subject = N_("Your change could not be made"),
                               .still_true = true_once_wish_declined,
                               .write = words_wish_declined },
};

/* Past meetings send nothing (U6), and nobody is invited by herself (I6). */
static bool is_wanted(const struct occasion *occasion,
                      const struct kind *kind)
{
    if (!kind->still_true || occasion->meeting.ends_at <= occasion->now)
        return false;
    return !kind->has_calendar ||
           strcasecmp(occasion->from_address, occasion->letter->address) != 0;
}

/* ---- the parts ---- */

static void set_envelope(const struct occasion *occasion,
                         const struct kind *kind, struct parts *parts)
{
    const struct alliance *alliance = &occasion->alliance;
    const struct letter *letter = occasion->letter;
    char *human;

    *parts = (struct parts){
        .from_name = lang_pick(&alliance->name, occasion->lang),
        .from_address = occasion->from_address,
        .to_name = occasion->plain_name,
        .to_address = letter->address,
        .message_id = id_at(occasion->arena, &letter->public_id,
                            occasion->settings->mail_domain),
        .date = letter->created_at,
        .lang = lang_code(occasion->lang),
    };
    if (!kind->has_calendar && !kind->to_host &&
        address_check(occasion->arena, alliance->contact_email, &human) ==
            ADDRESS_OK)
        parts->reply_to = human;
}

static const char *subject_of(const struct occasion *occasion,
                              const struct kind *kind)
{
    const struct meeting *meeting = &occasion->meeting;
    const char *subject = tr(occasion->lang, kind->subject);

    if (kind->without_meeting)
        return subject;
    return arena_printf(occasion->arena, "%s: %s, %s", subject,
                        occasion_title(occasion),
                        format_date(occasion->arena, occasion->lang,
                                    meeting->zone, meeting->starts_at));
}

static enum rc write_bodies(const struct occasion *occasion,
                            const struct kind *kind, struct parts *parts,
                            struct err *err)
{
    struct bodies bodies = { .subject = subject_of(occasion, kind) };

    str_init(&bodies.text, occasion->arena, BODY_MOST);
    str_init(&bodies.html, occasion->arena, BODY_MOST);
    if (kind->has_calendar)
        bodies.data = letters_reservation(occasion, kind->method);
    kind->write(occasion, &bodies);
    if (bodies.text.overflow || bodies.html.overflow)
        return err_set(err, "the letter is too long");
    parts->subject = bodies.subject;
    parts->text = bodies.text.data;
    parts->html = bodies.html.data;
    return RC_OK;
}

static enum rc write_parts(const struct occasion *occasion,
                           const struct kind *kind, struct parts *parts,
                           struct err *err)
{
    set_envelope(occasion, kind, parts);
    if (write_bodies(occasion, kind, parts, err) != RC_OK)
        return RC_FAIL;
    if (!kind->has_calendar)
        return RC_OK;
    parts->method = cal_method_word(kind->method);
    return letters_calendar(occasion, kind->method, &parts->calendar, err);
}

enum rc letters_render(struct reader *reader, struct arena *arena,
                       const struct settings *settings,
                       const struct keyring *keys, int64_t now,
                       const struct letter *letter, bool *still_true,
                       struct parts *parts, struct err *err)
{
    if (letter->feedback_id)
        return letters_feedback(reader, arena, settings, letter, still_true,
                                parts, err);

    const struct kind *kind = &kinds[letter->kind];
    struct occasion occasion = { .arena = arena, .settings = settings,
                                 .keys = keys, .letter = letter, .now = now };
    enum rc rc = occasion_read(reader, &occasion, err);

    *still_true = false;
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    if (rc != RC_OK || !is_wanted(&occasion, kind))
        return rc;
    if (kind->nameless)
        occasion_forget_names(&occasion);
    if (kind->to_host)
        occasion_greet_host(&occasion);
    rc = kind->still_true(reader, &occasion, still_true, err);
    if (rc != RC_OK || !*still_true)
        return rc;
    return write_parts(&occasion, kind, parts, err);
}
