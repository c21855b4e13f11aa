#include "daemon/mail/letters.h"

#include <strings.h>

#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/mail/letters_calendar.h"
#include "daemon/mail/letters_feedback.h"
#include "daemon/mail/letters_words.h"
#include "daemon/store/letter_store.h"
#include "web/view/format.h"
#include "web/view/i18n.h"

#define BODY_MOST 65536

/* ---- when a letter is still true ---- */

typedef enum rc rule(struct reader *, const struct occasion *, bool *holds,
                     struct err *);

/* A newer one of the same kind waits behind it, and says it better (U3). */
static enum rc is_superseded(struct reader *reader,
                             const struct occasion *occasion, bool *superseded,
                             struct err *err)
{
    const struct letter *letter = occasion->letter;
    struct letter newest;
    enum rc rc = letter_newest(reader, occasion->arena,
                               letter->registration_id, letter->kind,
                               &newest, err);

    *superseded = rc == RC_OK && newest.id > letter->id &&
                  newest.state == LETTER_QUEUED;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc while_registered(struct reader *reader,
                                const struct occasion *occasion, bool *holds,
                                struct err *err)
{
    bool superseded = false;
    enum rc rc = is_superseded(reader, occasion, &superseded, err);

    *holds = !superseded &&
             occasion->meeting.state == MEETING_PUBLISHED &&
             occasion->registration.state == REG_REGISTERED;
    return rc;
}

static enum rc while_cancelled(struct reader *reader,
                               const struct occasion *occasion, bool *holds,
                               struct err *err)
{
    bool superseded = false;
    enum rc rc = is_superseded(reader, occasion, &superseded, err);

    *holds = !superseded && occasion->registration.state == REG_CANCELLED;
    return rc;
}

/* Who has given the place back herself need not hear of it. */
static enum rc while_called_off(struct reader *reader,
                                const struct occasion *occasion, bool *holds,
                                struct err *err)
{
    (void)reader;
    (void)err;
    *holds = occasion->meeting.state == MEETING_CANCELLED &&
             registration_is_reached(&occasion->registration);
    return RC_OK;
}

/* The invite says it all: it is cancelled when the last registration of its
 * address is gone, and only its newest message may go out. */
static enum rc while_invited(struct reader *reader,
                             const struct occasion *occasion, bool *holds,
                             struct err *err)
{
    const struct invite *invite = &occasion->invite;
    const struct letter *letter = occasion->letter;

    (void)reader;
    (void)err;
    *holds = invite->id != 0 && !invite->cancelled &&
             invite->generation == letter->generation &&
             invite->sequence == letter->sequence &&
             occasion->meeting.state == MEETING_PUBLISHED;
    return RC_OK;
}

/* Nobody is told that something is gone of which they never heard. */
static enum rc once_withdrawn(struct reader *reader,
                              const struct occasion *occasion, bool *holds,
                              struct err *err)
{
    *holds = false;
    if (occasion->invite.id == 0 || !occasion->invite.cancelled)
        return RC_OK;
    return letter_invite_was_sent(reader, occasion->invite.id, holds, err);
}

/* ---- the kinds ---- */

static const struct kind {
    const char *subject;
    rule *still_true;
    words_write *write;
    bool has_calendar;      /* then answers go to the organizer (I6) */
    enum cal_method method;
} kinds[LETTER_KIND_COUNT] = {
    [LETTER_CONFIRMATION] = { .subject = N_("Registration confirmed"),
                              .still_true = while_registered,
                              .write = words_confirmation },
    [LETTER_INVITATION] = { .subject = N_("Calendar invitation"),
                            .still_true = while_invited,
                            .write = words_invitation,
                            .has_calendar = true,
                            .method = CAL_REQUEST },
    [LETTER_GOODBYE] = { .subject = N_("Registration cancelled"),
                         .still_true = while_cancelled,
                         .write = words_goodbye },
    [LETTER_WITHDRAWAL] = { .subject = N_("Calendar entry withdrawn"),
                            .still_true = once_withdrawn,
                            .write = words_withdrawal,
                            .has_calendar = true,
                            .method = CAL_CANCEL },
    [LETTER_ALREADY] = { .subject = N_("You were registered already"),
                         .still_true = while_registered,
                         .write = words_already },
    [LETTER_CALLED_OFF] = { .subject = N_("Meeting cancelled"),
                            .still_true = while_called_off,
                            .write = words_called_off },
};

/* Past meetings send nothing (U6), and nobody is invited by herself (I6). */
static bool is_wanted(const struct occasion *occasion,
                      const struct kind *kind)
{
    if (occasion->meeting.ends_at <= occasion->now)
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
    if (!kind->has_calendar &&
        address_check(occasion->arena, alliance->contact_email, &human) ==
            ADDRESS_OK)
        parts->reply_to = human;
}

static const char *subject_of(const struct occasion *occasion,
                              const struct kind *kind)
{
    const struct meeting *meeting = &occasion->meeting;

    return arena_printf(occasion->arena, "%s: %s, %s",
                        tr(occasion->lang, kind->subject),
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
    rc = kind->still_true(reader, &occasion, still_true, err);
    if (rc != RC_OK || !*still_true)
        return rc;
    return write_parts(&occasion, kind, parts, err);
}
