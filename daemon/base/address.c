#include "daemon/base/address.h"

#include <idn2.h>
#include <stdbool.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/text.h"

#define LOCAL_MOST 64   /* RFC 5321 4.5.3.1.1 */
#define LABEL_MOST 63   /* RFC 1035 2.3.4 */
#define DOMAIN_MOST 253

static bool is_letter_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
}

/* dot-atom of RFC 5322 3.2.3, no quoted form. */
static bool local_is_good(const char *local, size_t length)
{
    char before = '.';

    if (!length || length > LOCAL_MOST)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (local[i] == '.' ? before == '.'
                            : !is_letter_or_digit(local[i]) &&
                                  !strchr("!#$%&'*+-/=?^_`{|}~", local[i]))
            return false;
        before = local[i];
    }
    return before != '.';
}

static bool label_is_good(const char *label, size_t length)
{
    if (!length || length > LABEL_MOST || label[0] == '-' ||
        label[length - 1] == '-')
        return false;
    for (size_t i = 0; i < length; i++)
        if (!is_letter_or_digit(label[i]) && label[i] != '-')
            return false;
    return true;
}

/* At least two labels, the last not a number: a name in the public DNS. */
static bool domain_is_good(const char *domain)
{
    size_t labels = 0;
    const char *last = domain;

    if (strlen(domain) > DOMAIN_MOST)
        return false;
    for (const char *at = domain;; at++) {
        size_t length = strcspn(at, ".");

        if (!label_is_good(at, length))
            return false;
        labels++;
        last = at;
        at += length;
        if (!*at)
            break;
    }
    return labels >= 2 && strspn(last, "0123456789") < strlen(last);
}

/* Plain letters, and no "--", which only encoded names have: such a name is
 * its own encoding, and IDNA need not be asked. */
static bool is_plain_domain(const char *domain)
{
    return text_is_ascii(domain) && !strstr(domain, "--");
}

static char *domain_to_ascii(struct arena *arena, const char *domain)
{
    char *made = NULL;

    if (is_plain_domain(domain)) {
        char *copy = arena_strdup(arena, domain);

        text_lower_ascii(copy);
        return copy;
    }
    if (idn2_to_ascii_8z(domain, &made,
                         IDN2_NONTRANSITIONAL | IDN2_NFC_INPUT) != IDN2_OK)
        return NULL;
    char *copy = arena_strdup(arena, made);
    idn2_free(made);
    text_lower_ascii(copy);
    return copy;
}

enum address_verdict address_check(struct arena *arena, const char *typed,
                                   char **out)
{
    char *text = text_clean(arena, typed);

    if (!*text)
        return ADDRESS_EMPTY;
    if (strlen(text) > ADDRESS_MOST)
        return ADDRESS_TOO_LONG;
    char *at = strrchr(text, '@');
    if (!at)
        return ADDRESS_NO_AT;
    const char *local = arena_strndup(arena, text, (size_t)(at - text));
    if (!text_is_ascii(local))
        return ADDRESS_LOCAL_UTF8;
    if (!local_is_good(local, strlen(local)))
        return ADDRESS_LOCAL_BAD;
    const char *domain = domain_to_ascii(arena, at + 1);
    if (!domain || !domain_is_good(domain))
        return ADDRESS_DOMAIN_BAD;
    *out = arena_printf(arena, "%s@%s", local, domain);
    return strlen(*out) > ADDRESS_MOST ? ADDRESS_TOO_LONG : ADDRESS_OK;
}

char *address_key(struct arena *arena, const char *checked)
{
    char *key = arena_strdup(arena, checked);

    text_lower_ascii(key);
    return key;
}

const char *address_library_version(void)
{
    return idn2_check_version(NULL);
}
