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

/* Anybody may type anything as a name and any address: what a mail program
 * would make a link of is not passed on. */
static bool is_fit(const char *part)
{
    return !part ||
           (!strstr(part, "://") && !strcasestr(part, "www.") &&
            !text_has_control(part, false) &&
            text_characters(part) <= NAME_MOST);
}

static void set_names(struct occasion *occasion)
{
    const struct person *person = &occasion->registration.person;
    struct str name, plain;

    occasion->name = occasion->plain_name = "";
    if (!is_fit(person->given_name) || !is_fit(person->family_name))
        return;
    str_init(&name, occasion->arena, LINE_MOST);
    str_init(&plain, occasion->arena, LINE_MOST);
    add_part(&plain, " ", person->given_name);
    add_part(&plain, " ", person->family_name);
    if (is_fit(person->title))
        add_part(&name, " ", person->title);
    add_part(&name, " ", plain.data);
    if (name.overflow || plain.overflow)
        return;
    occasion->name = name.data;
    occasion->plain_name = plain.data;
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

enum rc occasion_read(struct reader *reader, struct occasion *occasion,
                      struct err *err)
{
    struct arena *arena = occasion->arena;
    const struct letter *letter = occasion->letter;
    struct registration *registration = &occasion->registration;
    enum rc rc = registration_by_id(reader, arena, letter->registration_id,
                                    registration, err);

    if (rc == RC_OK)
        rc = meeting_by_id(reader, arena, registration->meeting_id,
                           &occasion->meeting, err);
    if (rc == RC_OK)
        rc = alliance_by_id(reader, arena, occasion->meeting.alliance_id,
                            &occasion->alliance, err);
    if (rc == RC_OK && letter->invite_id != 0)
        rc = invite_by_id(reader, arena, letter->invite_id,
                          &occasion->invite, err);
    if (rc != RC_OK)
        return rc;
    occasion->lang = registration->lang;
    set_names(occasion);
    return set_sender(occasion, err);
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

const char *occasion_manage_url(const struct occasion *occasion)
{
    const struct registration *registration = &occasion->registration;

    return arena_printf(occasion->arena, "%s/%s/r/%s",
                        occasion->settings->base_url,
                        lang_code(occasion->lang),
                        token_make(occasion->arena, occasion->keys,
                                   TOKEN_REGISTRATION,
                                   &registration->public_id,
                                   registration->generation));
}
