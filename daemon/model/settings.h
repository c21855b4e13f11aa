/* The configuration as the program uses it: read once, checked, immutable.
 * daemon/config's option table fills it and documents each key. Durations
 * are seconds, sizes bytes. */
#ifndef CONVENED_MODEL_SETTINGS_H
#define CONVENED_MODEL_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/netaddr.h"

struct words {
    char **items;
    size_t count;
};

enum mail_tls { MAIL_TLS_REQUIRED, MAIL_TLS_NONE };

/* One rate: at most `count` in `per` seconds from one client prefix. */
struct rate {
    int64_t count;
    int64_t per;
};

/* What the accessibility statement says (Decision (EU) 2018/1523). */
enum statement_status {
    STATEMENT_UNSTATED, /* none is made */
    STATEMENT_FULL,
    STATEMENT_PARTIAL,
    STATEMENT_NONE,
};
enum statement_method { STATEMENT_SELF, STATEMENT_EXTERNAL };

enum rate_kind {
    RATE_PAGES,
    RATE_FORMS,
    RATE_LOGIN,
    RATE_SIGNUP_POSTS,  /* whatever is sent to a meeting's form */
    RATE_FREE_SIGNUPS,  /* registrations that nobody is asked about */
    RATE_SIGNUPS,       /* registrations */
    RATE_COUNT
};

struct settings {
    /* [site] */
    char *base_url;      /* "https://…" without a final slash */
    char *base_host;     /* host[:port] of base_url */
    bool secure;         /* base_url is https */
    struct words hosts;  /* further names that the site answers to */
    struct words listen; /* "127.0.0.1:8080" or "unix:/path" */
    struct netranges proxies;
    char *texts_dir;     /* {de,en}/{impressum,…}.md */
    bool demo;           /* every page and letter says so */

    /* [state] */
    char *state_dir; /* convened.db and convened.key */
    char *run_dir;   /* control.sock and courier.sock */
    char *courier_group; /* of courier.sock; empty: the process's own */
    int64_t keep_earlier; /* seconds */

    /* [threads] */
    int64_t workers;
    int64_t helpers;
    int64_t writer_queue; /* jobs waiting before a form gets 503 */

    /* [limits] */
    int64_t head_bytes, head_fields, target_bytes, body_bytes;
    int64_t form_fields, form_value_bytes;
    int64_t head_time, body_time, idle_time, answer_time;
    int64_t connections, connections_per_address;
    struct rate rates[RATE_COUNT];
    struct netranges exempt;
    int64_t form_age;  /* who sends a form sooner is asked once more */
    int64_t work_bits; /* of what a script does in place of an answer */
    int64_t stop_time;         /* SIGTERM to the last answer */
    int64_t registrations_per_address; /* at one meeting: 10 */
    int64_t steps_per_hour;    /* letters begun for an unproven address: 3 */
    int64_t steps_per_day;     /* 5 */
    int64_t cache_bytes;       /* prebuilt answers of one worker */

    /* [mail] */
    char *mail_relay;      /* "smtp://host:port", "smtps://…"; empty: spool */
    char *mail_spool;      /* folder for .eml files */
    char *mail_user;       /* empty: no sign-in */
    char *mail_password_file;
    char *mail_domain;     /* of Message-IDs and calendar UIDs */
    char *mail_ca_file;    /* empty: the system's */
    enum mail_tls mail_tls;
    int64_t mail_parallel; /* connections kept, 1–10 */
    int64_t mail_retry_min, mail_retry_max, mail_give_up;
    int64_t mail_timeout;  /* one letter, connect to answer */

    /* [desk] */
    int64_t login_idle, login_most;
    int64_t login_tries_account, login_tries_address, login_tries_window;
    int64_t page_size; /* attendees on one page of the list */

    /* [accessibility] */
    enum statement_status statement_status;
    char *statement_body_de, *statement_body_en; /* who must comply */
    char *statement_law_de, *statement_law_en;   /* with what */
    enum statement_method statement_method;
    int64_t statement_prepared, statement_reviewed; /* days; 0: none */
    char *feedback_address; /* reports of barriers go there; empty: nowhere */
    char *feedback_from;    /* their sender; empty: the first alliance's */
    int64_t feedback_keep;  /* seconds after they are answered */

    /* [calendar] */
    char *google_subscribe;  /* templates; {url} and {name} are replaced */
    char *outlook_subscribe;
    char *office_subscribe;
    int64_t feed_past_days;  /* 366 (F6) */

    /* [log] */
    bool log_requests;
    int64_t log_level;
    int64_t log_format;

    /* [health] */
    struct words health_listen; /* further addresses, for operators only */
    struct netranges operators; /* who sees numbers and details */
    int64_t disk_free;  /* bytes that must be free to be ready; 0: any */
    int64_t letter_age; /* seconds a letter may be due and ready; 0: any */
};

#endif
