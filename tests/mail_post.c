#include "tests/mail_post.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/base/mem.h"
#include "daemon/rules/calloff.h"
#include "daemon/rules/cancel.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/meeting_store.h"

int post_open(void **state)
{
    struct post *post = mem_new(sizeof *post);
    struct settings *settings;
    struct house *house;
    char path[128];
    void *opened;

    if (house_open(&opened) != 0)
        return -1;
    house = post->house = opened;
    settings = &house->settings;
    settings->base_url = mem_strdup("https://termine.example.org");
    settings->mail_retry_min = MINUTE;
    settings->mail_retry_max = 66 * MINUTE;
    settings->mail_give_up = 5 * DAY;
    (void)snprintf(path, sizeof path, "%s/convened.key", house->folder);
    FINE(house, keyring_load(path, true, &post->keys, &house->err));
    (void)unlink(path);
    *state = post;
    return 0;
}

int post_close(void **state)
{
    struct post *post = *state;
    void *house = post->house;

    keyring_free(&post->keys);
    mem_free(post->house->settings.base_url);
    mem_free(post);
    return house_close(&house);
}

struct registration post_register(struct post *post, const char *address,
                                  post_change *change)
{
    struct signup in = house_signup(post->house, "Đặng Anna",
                                    "Łęcka-Müller", address);
    struct signup_result out;

    in.person.title = "Dr.";
    if (change != NULL)
        change(&in);
    out = house_place(post->house, NOON, &in);
    assert_true(out.outcome == SIGNUP_REGISTERED ||
                out.outcome == SIGNUP_ALREADY);
    return out.registration;
}

static enum rc cancel(struct house *house, int64_t now, void *context)
{
    const struct registration *registration = context;
    enum cancel_outcome outcome;
    struct turn turn = house_turn(house, now);
    enum rc rc = cancel_registration(&turn, &registration->public_id,
                                     CANCEL_OWN, &outcome, &house->err);

    assert_true(rc != RC_OK || outcome == CANCEL_DONE);
    return rc;
}

static enum rc undo(struct house *house, int64_t now, void *context)
{
    const struct registration *registration = context;
    enum undo_outcome outcome;
    struct turn turn = house_turn(house, now);
    enum rc rc = cancel_undo(&turn, &registration->public_id, false,
                             &outcome, &house->err);

    assert_true(rc != RC_OK || outcome == UNDO_DONE);
    return rc;
}

void post_cancel(struct post *post, int64_t now,
                 const struct registration *registration)
{
    struct registration copy = *registration;

    FINE(post->house, house_write(post->house, now, cancel, &copy));
}

void post_undo(struct post *post, int64_t now,
               const struct registration *registration)
{
    struct registration copy = *registration;

    FINE(post->house, house_write(post->house, now, undo, &copy));
}

static enum rc call_off(struct house *house, int64_t now, void *context)
{
    enum calloff_outcome outcome;
    bool more = true, letters;

    (void)context;
    enum rc rc = calloff_meeting(house->writer, now, &house->meeting,
                                 &outcome, &house->err);
    while (rc == RC_OK && more)
        rc = calloff_tell(house->writer, now, 100, &more, &letters,
                          &house->err);
    return rc;
}

void post_call_off(struct post *post, const struct bilingual *reason)
{
    post->house->meeting.cancel_reason = *reason;
    FINE(post->house, house_write(post->house, NOON + 1, call_off, NULL));
}

static enum rc edit_meeting(struct house *house, int64_t now, void *context)
{
    (void)context;
    return meeting_update(house->writer, now, &house->meeting, &house->err);
}

void post_edit_meeting(struct post *post)
{
    FINE(post->house, house_write(post->house, NOON, edit_meeting, NULL));
}

static enum rc edit_alliance(struct house *house, int64_t now, void *context)
{
    (void)context;
    return alliance_update(house->writer, now, &house->alliance,
                           &house->err);
}

void post_edit_alliance(struct post *post)
{
    FINE(post->house, house_write(post->house, NOON, edit_alliance, NULL));
}

struct letter post_letter(struct post *post,
                          const struct registration *registration,
                          enum letter_kind kind)
{
    struct house *house = post->house;
    struct letter letter;

    FINE(house, letter_newest(house->reader, house->arena, registration->id,
                              kind, &letter, &house->err));
    return letter;
}

static enum rc update(struct house *house, int64_t now, void *context)
{
    (void)now;
    return letter_update(house->writer, context, &house->err);
}

void post_settle(struct post *post, const struct letter *letter,
                 enum delivery delivery)
{
    struct letter settled = *letter;

    letters_settle(&settled, &post->house->settings, NOON, delivery, "");
    FINE(post->house, house_write(post->house, NOON, update, &settled));
}

bool post_render(struct post *post, int64_t now, const struct letter *letter,
                 struct parts *parts)
{
    struct house *house = post->house;
    bool still_true;

    FINE(house, letters_render(house->reader, house->arena,
                               &house->settings, post->keys, now, letter,
                               &still_true, parts, &house->err));
    return still_true;
}

struct parts post_parts(struct post *post,
                        const struct registration *registration,
                        enum letter_kind kind)
{
    struct letter letter = post_letter(post, registration, kind);
    struct parts parts;

    assert_true(post_render(post, NOON, &letter, &parts));
    return parts;
}

void post_expect(bool wanted, const char *text, const char *piece,
                 const char *file, int line)
{
    bool has = text && strstr(text, piece);

    if (has == wanted)
        return;
    print_error("\"%s\" is %s in:\n%s\n", piece, has ? "also" : "not",
                text ? text : "(no such part)");
    _fail(file, line);
}
