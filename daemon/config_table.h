/* The table behind config.h: one row for each key. */
#ifndef CONVENED_CONFIG_TABLE_H
#define CONVENED_CONFIG_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/str.h"
#include "daemon/config.h"
#include "daemon/model/settings.h"

struct arena;

enum config_type {
    CONF_TEXT,     /* char *: one line */
    CONF_NAME,     /* char *: a host's or group's name, no blanks */
    CONF_PATH,     /* char *: made absolute by the file's folder */
    CONF_ORIGIN,   /* char *: scheme://host[:port] */
    CONF_TEMPLATE, /* char *: an https address, {url} and {name} inside */
    CONF_HOSTS,    /* struct words: host[:port] */
    CONF_LISTEN,   /* struct words: address:port or unix:/path */
    CONF_RANGES,   /* struct netranges */
    CONF_BOOL,     /* bool: yes, no */
    CONF_INT,      /* int64_t */
    CONF_SIZE,     /* int64_t: bytes, "64 KiB" */
    CONF_DURATION, /* int64_t: seconds, "66 min" */
    CONF_RATE,     /* struct rate: "20 / 10 min" */
    CONF_WORD,     /* enum or int64_t: one of .words */
    CONF_ADDRESS,  /* char *: an e-mail address as address_check() has it */
    CONF_DATE,     /* int64_t: "2027-03-07" as 0:00 UTC; 0: none */
};

struct config_word {
    const char *word; /* NULL ends the list */
    int64_t value;
};

struct config_option {
    const char *key; /* "mail.retry-max" */
    enum config_type type;
    size_t offset, size;
    const char *field; /* in struct settings */
    const char *preset;
    const char *min, *max; /* in the type's own form; NULL: no bound */
    const struct config_word *words;
    const char *schemes; /* of CONF_ORIGIN, separated by blanks */
    bool needed;         /* may not be empty */
    bool fixed;          /* a reload does not change it, a restart does */
    const char *text;    /* for people: one or two sentences */
};

/* Ends with key NULL; sections are contiguous. */
extern const struct config_option config_table[];
size_t config_table_count(void);
/* "retry-max" of "mail.retry-max", and how long "mail" is. */
const char *config_name_in_section(const struct config_option *);
size_t config_section_length(const struct config_option *);
/* Its section begins with this row. */
bool config_section_begins(const struct config_option *);
/* What CONFIG_INCLUDE and a section are about, for the sample. */
extern const char config_include_text[];
const char *config_section_text(const char *section, size_t length);

/* Reads one value. False: *why says what is wrong with it. `folder` is that
 * of the file, with its final slash, or empty. */
bool config_value_read(struct arena *, const struct config_option *,
                       const char *folder, const char *value,
                       struct settings *, struct str *why);
/* The value in force, in the form in which it is read. */
void config_value_print(const struct config_option *,
                        const struct settings *, struct str *out);

/* scheme://host[:port]; what it points to lives in the arena. port 0: none
 * given. IPv6 hosts keep their brackets. */
struct config_url {
    char *scheme, *host;
    int64_t port;
};
bool config_url_parse(struct arena *, const char *, struct config_url *);
/* localhost, 127.0.0.0/8, [::1] */
bool config_host_is_loopback(const char *host);

/* What follows from values together: derived fields, and rules about more
 * than one key. `fault` is called for each fault with its row in the table.
 */
void config_derive(struct arena *, struct settings *,
                   void (*fault)(void *context, const char *key,
                                 const char *words),
                   void *context);
/* "2 d": in the largest unit that leaves no rest. */
void config_print_duration(int64_t seconds, struct str *out);

#endif
