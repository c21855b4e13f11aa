#include <stdbool.h>
#include <string.h>

#include "daemon/base/address.h"
#include "daemon/base/arena.h"

/* Where most private mailboxes of the region are. */
static const char *const meant[] = {
    "gmail.com",   "googlemail.com", "gmx.de",     "gmx.net",
    "web.de",      "t-online.de",    "freenet.de", "outlook.com",
    "outlook.de",  "hotmail.com",    "hotmail.de", "yahoo.com",
    "yahoo.de",    "icloud.com",     "posteo.de",  "mailbox.org",
};

/* Mail domains that exist, though one slip away from one of those. */
static const char *const as_they_are[] = {
    "ymail.com", "email.com", "mail.com", "gmx.com",
};

/* In a shorter domain every slip gives another domain of somebody's. */
#define LONG_ENOUGH 8

static bool is_one_of(const char *domain, const char *const *list,
                      size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(domain, list[i]) == 0)
            return true;
    return false;
}

/* Two neighbours changed places: gmial.com, gmx.ed. */
static bool is_swapped(const char *typed, const char *right)
{
    size_t at = 0;

    while (typed[at] && typed[at] == right[at])
        at++;
    return typed[at] && typed[at + 1] && typed[at] == right[at + 1] &&
           typed[at + 1] == right[at] &&
           strcmp(typed + at + 2, right + at + 2) == 0;
}

/* One letter too few, too many or another: gmai.com, gmaill.com, gmail.con. */
static bool is_one_letter_off(const char *typed, const char *right)
{
    size_t at = 0;

    while (typed[at] && typed[at] == right[at])
        at++;
    if (!right[at])
        return typed[at] && !typed[at + 1];
    return strcmp(typed + at, right + at + 1) == 0 ||
           (typed[at] && (strcmp(typed + at + 1, right + at) == 0 ||
                          strcmp(typed + at + 1, right + at + 1) == 0));
}

const char *address_likely(struct arena *arena, const char *checked)
{
    const size_t count = sizeof meant / sizeof *meant;
    const char *at = strrchr(checked, '@');

    if (!at || is_one_of(at + 1, meant, count) ||
        is_one_of(at + 1, as_they_are,
                  sizeof as_they_are / sizeof *as_they_are))
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (is_swapped(at + 1, meant[i]) ||
            (strlen(meant[i]) >= LONG_ENOUGH &&
             is_one_letter_off(at + 1, meant[i])))
            return arena_printf(arena, "%.*s@%s", (int)(at - checked),
                                checked, meant[i]);
    return NULL;
}
