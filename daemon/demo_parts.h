/* What a demo is made of. */
#ifndef CONVENED_DEMO_PARTS_H
#define CONVENED_DEMO_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/base/err.h"
#include "daemon/model/question.h"
#include "daemon/model/settings.h"

struct arena;
struct str;

/* --- demo_folder.c: the files ------------------------------------------ */

struct demo_wish {
    const char *dir;    /* as typed */
    const char *listen; /* "HOST:PORT"; NULL: as before, or the default */
    const char *relay;  /* "smtp://HOST:PORT"; NULL: as before, or files */
};

/* Makes what is missing: folders, legal texts, the configuration; a wish that
 * differs from the configuration rewrites it. Then reads it: *config_path is
 * absolute. RC_FAIL: err or `faults` say why. */
MUST_USE enum rc demo_prepare(struct arena *, const struct demo_wish *,
                              const char **config_path, struct settings *,
                              struct str *faults, struct err *);

/* Beside the database: e-mail address on line 1, password on line 2. */
#define DEMO_LOGIN_FILE "desk-login.txt"
struct demo_login {
    char *email, *password;
};
MUST_USE enum rc demo_login_read(struct arena *, const char *dir,
                                 struct demo_login *, struct err *);
MUST_USE enum rc demo_login_write(struct arena *, const char *dir,
                                  const struct demo_login *, struct err *);

/* The sample legal texts, by path below texts/; from web/texts. */
struct demo_text {
    const char *path; /* "de/impressum.md"; NULL ends the table */
    const char *content;
};
extern const struct demo_text demo_texts[];

/* --- demo_fill.c: the database ----------------------------------------- */

/* Alliances, meetings and the organiser's account, unless they are there.
 * Holds the state's lock while it works. */
MUST_USE enum rc demo_fill(struct arena *, const struct settings *,
                           int64_t now, struct err *);
/* 10:00 on the next 7 March, in Berlin. */
int64_t demo_annual_start(int64_t now);

/* --- demo_data.c: the facts -------------------------------------------- */

struct demo_region {
    const char *slug, *de, *en;
};
extern const struct demo_region demo_regions[]; /* ends with slug NULL */

struct demo_bench {
    const char *de, *en;
};
extern const struct demo_bench demo_benches[]; /* ends with de NULL */

struct demo_session {
    int starts, ends; /* minutes after the meeting's start */
    const char *de, *en, *about_de, *about_en, *speaker;
};
struct demo_option {
    const char *de, *en;
    int places; /* 0: no limit */
};
struct demo_question {
    enum question_kind kind;
    const char *de, *en, *help_de, *help_en;
    const struct demo_option *options; /* ends with de NULL; NULL: none */
    int if_question, if_option; /* counted from 1; 0: asked of everybody */
};
struct demo_meeting {
    const char *alliance, *slug;
    const char *title_de, *title_en, *summary_de, *summary_en;
    const char *about_de, *about_en;
    int days;          /* ahead, then to the next Wednesday; 0: 7 March */
    int hour, minutes; /* when it starts, how long it takes */
    int onsite, online; /* seats; 0: not offered */
    const char *venue_name, *venue_street, *venue_postcode, *venue_town;
    const char *access_de, *access_en;
    const char *join_url;
    const struct demo_session *sessions; /* ends with de NULL */
    const struct demo_question *questions; /* ends with de NULL */
};
extern const struct demo_meeting demo_meetings[]; /* ends with slug NULL */

#endif
