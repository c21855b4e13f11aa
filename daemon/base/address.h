/* E-mail addresses, by a grammar on purpose stricter than RFC 5321: what
 * passes can never become an SMTP command or a header. The only home of
 * libidn2. */
#ifndef CONVENED_BASE_ADDRESS_H
#define CONVENED_BASE_ADDRESS_H

#include <stddef.h>

struct arena;

#define ADDRESS_MOST 254 /* RFC 5321 4.5.3.1.3, less the brackets */

enum address_verdict {
    ADDRESS_OK,
    ADDRESS_EMPTY,
    ADDRESS_NO_AT,
    ADDRESS_LOCAL_UTF8, /* SMTPUTF8 is rare: refused with kind words */
    ADDRESS_LOCAL_BAD,
    ADDRESS_DOMAIN_BAD,
    ADDRESS_TOO_LONG,
};

/* *out: blanks cut, the domain in lower-case A-labels (IDNA 2008); printable
 * ASCII only, without blanks, quotes, brackets, commas, colons, semicolons,
 * backslashes. */
enum address_verdict address_check(struct arena *, const char *typed,
                                   char **out);
/* What was probably meant, if the domain is one slip away from a well-known
 * one (gmial.com, gmx.ed): something to ask about, never to refuse for. NULL:
 * nothing to ask. */
const char *address_likely(struct arena *, const char *checked);
/* What two spellings of one mailbox share: all in lower case. */
char *address_key(struct arena *, const char *checked);

const char *address_library_version(void); /* of libidn2, as it runs */

#endif
