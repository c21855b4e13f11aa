#include "daemon/mail/occasion.h"

#include <string.h>

#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/base/str.h"
#include "daemon/base/text.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/letter_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/registration_store.h"
#include "daemon/store/seat_store.h"

#define NAME_MOST 100 /* characters of each part of a name (A2) */
#define LINE_MOST 1024

/* Adds what is not empty, with the separator if something stands before. */
static void add_part(struct str *line, const char *separator,
                     const char *part)
{
    if (!part || !*part)
        return;
    if (line->length > 0)
        str_add(line, separator);
    str_add(line, part);
}

/* Anybody may type anything as a name and any address: no more of it is passed
 * on than a name. */
static bool is_fit(const char *part)
{
    return !part || !*part ||
           (text_is_name(part) && text_characters(part) <= NAME_MOST);
}

const char *occasion_call(const struct occasion *occasion,
                          const struct person *person)
{
    struct str name;

    if (!is_fit(person->given_name) || !is_fit(person->family_name))
        return "";
    str_init(&name, occasion->arena, LINE_MOST);
    add_part(&name, " ", person->given_name);
    add_part(&name, " ", person->family_name);
    return name.overflow || name.length == 0 ? "" : name.data;
}

static void greet(struct occasion *occasion, const struct person *person)
{
    struct str name;

    occasion->name = occasion->plain_name = occasion_call(occasion, person);
    if (!*occasion->name || !is_fit(person->title))
        return;
    str_init(&name, occasion->arena, LINE_MOST);
    add_part(&name, " ", person->title);
    add_part(&name, " ", occasion->plain_name);
    if (!name.overflow)
        occasion->name = name.data;
}

void occasion_forget_names(struct occasion *occasion)
{
    occasion->name = occasion->plain_name = "";
    occasion->about = NULL;
}

void occasion_greet_host(struct occasion *occasion)
{
    occasion_forget_names(occasion);
    occasion->name = occasion->plain_name = occasion->alliance.contact_name;
    occasion->lang = occasion->alliance.lang;
}

static bool is_at(const struct occasion *occasion, const char *mailbox)
{
    return mailbox &&
           strcmp(address_key(occasion->arena, occasion->letter->address),
                  address_key(occasion->arena, mailbox)) == 0;
}

/* Who has no address of her own is spoken of to whoever brought her. */
static enum rc set_names(struct reader *reader, struct occasion *occasion,
                         struct err *err)
{
    const struct registration *registration = &occasion->registration;
    struct registration lead;

    occasion_forget_names(occasion);
    if (!is_at(occasion, registration->mailbox))
        return RC_OK; /* it was handed over: nothing of whose it is now */
    if (registration->person.address || registration->lead_id == 0) {
        greet(occasion, &registration->person);
        return RC_OK;
    }
    enum rc rc = registration_by_id(reader, occasion->arena,
                                    registration->lead_id, &lead, err);
    if (rc != RC_OK)
        return rc;
    greet(occasion, &lead.person);
    occasion->about = occasion_call(occasion, &registration->person);
    return RC_OK;
}

static enum rc read_place(struct reader *reader, struct arena *arena,
                          const struct wait *wait, struct queue *queue,
                          struct err *err)
{
    struct waits offered;

    queue->claim_by = wait->claim_by;
    if (wait->claim_by == 0)
        return wait_place(reader, wait->registration_id, wait->pool_id,
                          &queue->place, err);
    enum rc rc = wait_of_party(reader, arena, wait->pool_id, wait->party_id,
                               true, &offered, err);
    if (rc == RC_OK)
        queue->people = (int64_t)offered.count;
    return rc;
}

/* Among the queues of the modes, of which nobody stands in two. */
static enum rc read_queue(struct reader *reader, struct arena *arena,
                          const struct registration *registration,
                          struct queue *queue, struct err *err)
{
    struct waits waits;
    enum rc rc = wait_of_registration(reader, arena, registration->id,
                                      &waits, err);

    *queue = (struct queue){ 0 };
    for (size_t i = 0; rc == RC_OK && i < waits.count; i++) {
        struct pool pool;

        rc = pool_by_id(reader, waits.items[i].pool_id, &pool, err);
        if (rc != RC_OK || pool.mode < 0)
            continue;
        queue->mode = (enum mode)pool.mode;
        rc = read_place(reader, arena, &waits.items[i], queue, err);
    }
    return rc;
}

static enum rc read_led(struct reader *reader, struct occasion *occasion,
                        struct err *err)
{
    struct registrations *led = &occasion->led;
    enum rc rc = registration_led_by(reader, occasion->arena,
                                     occasion->registration.id, led, err);

    if (rc != RC_OK)
        return rc;
    occasion->led_queues = ARENA_ARRAY(occasion->arena, struct queue,
                                       led->count);
    for (size_t i = 0; i < led->count && rc == RC_OK; i++)
        rc = read_queue(reader, occasion->arena, &led->items[i],
                        &occasion->led_queues[i], err);
    return rc;
}

static enum rc set_sender(struct occasion *occasion, struct err *err)
{
    char *checked;

    if (address_check(occasion->arena, occasion->alliance.mail_from,
                      &checked) != ADDRESS_OK)
        return err_set(err, "alliance %s has no address to send from",
                       occasion->alliance.slug);
    occasion->from_address = checked;
    return RC_OK;
}

/* Whoever shares an invitation and is registered may be spoken of by its
 * letters instead: its seat may have been given back, or handed over. */
static enum rc read_registration(struct reader *reader,
                                 struct occasion *occasion, struct err *err)
{
    const struct letter *letter = occasion->letter;
    struct registration *registration = &occasion->registration;
    int64_t user;
    enum rc rc = registration_by_id(reader, occasion->arena,
                                    letter->registration_id, registration,
                                    err);

    if (rc != RC_OK || letter->invite_id == 0 ||
        (registration->invite_id == letter->invite_id &&
         registration->state == REG_REGISTERED))
        return rc;
    rc = invite_user(reader, letter->invite_id, &user, err);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    return registration_by_id(reader, occasion->arena, user, registration,
                              err);
}

enum rc occasion_read(struct reader *reader, struct occasion *occasion,
                      struct err *err)
{
    struct arena *arena = occasion->arena;
    const struct letter *letter = occasion->letter;
    struct registration *registration = &occasion->registration;
    enum rc rc = read_registration(reader, occasion, err);

    if (rc == RC_OK)
        rc = meeting_by_id(reader, arena, registration->meeting_id,
                           &occasion->meeting, err);
    if (rc == RC_OK)
        rc = alliance_by_id(reader, arena, occasion->meeting.alliance_id,
                            &occasion->alliance, err);
    if (rc == RC_OK && letter->invite_id != 0)
        rc = invite_by_id(reader, arena, letter->invite_id,
                          &occasion->invite, err);
    if (rc == RC_OK)
        rc = read_queue(reader, arena, registration, &occasion->queue, err);
    if (rc == RC_OK)
        rc = read_led(reader, occasion, err);
    if (rc == RC_OK)
        rc = address_proven(reader, address_key(arena, letter->address),
                            &occasion->proven, err);
    if (rc == RC_OK)
        rc = set_names(reader, occasion, err);
    if (rc != RC_OK)
        return rc;
    occasion->lang = registration->lang;
    return set_sender(occasion, err);
}

bool occasion_is_current(const struct occasion *occasion)
{
    const struct registration *registration = &occasion->registration;
    const struct letter *letter = occasion->letter;

    return letter->generation == registration->generation &&
           is_at(occasion, registration->mailbox);
}

bool occasion_is_online(const struct occasion *occasion)
{
    return occasion->registration.mode == MODE_ONLINE;
}

const char *occasion_title(const struct occasion *occasion)
{
    return lang_pick(&occasion->meeting.title, occasion->lang);
}

const char *occasion_street(const struct occasion *occasion)
{
    const struct meeting *meeting = &occasion->meeting;
    struct str line, town;

    str_init(&line, occasion->arena, LINE_MOST);
    str_init(&town, occasion->arena, LINE_MOST);
    add_part(&town, " ", meeting->venue_postcode);
    add_part(&town, " ", meeting->venue_town);
    add_part(&line, ", ", meeting->venue_street);
    add_part(&line, ", ", town.data);
    return line.length > 0 ? line.data : "";
}

const char *occasion_venue(const struct occasion *occasion)
{
    struct str line;

    str_init(&line, occasion->arena, LINE_MOST);
    add_part(&line, ", ", occasion->meeting.venue_name);
    add_part(&line, ", ", occasion_street(occasion));
    return line.length > 0 ? line.data : "";
}

const char *occasion_page_url(const struct occasion *occasion)
{
    return arena_printf(occasion->arena, "%s/%s/%s/%s",
                        occasion->settings->base_url,
                        lang_code(occasion->lang),
                        occasion->meeting.alliance_slug,
                        occasion->meeting.slug);
}

const char *occasion_link(const struct occasion *occasion,
                          const struct registration *registration)
{
    return arena_printf(occasion->arena, "%s/%s/r/%s",
                        occasion->settings->base_url,
                        lang_code(occasion->lang),
                        token_make(occasion->arena, occasion->keys,
                                   TOKEN_REGISTRATION,
                                   &registration->public_id,
                                   registration->generation));
}

const char *occasion_manage_url(const struct occasion *occasion)
{
    return occasion_link(occasion, &occasion->registration);
}
