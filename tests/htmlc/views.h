/* Views for the template compiler's own tests. */
#ifndef CONVENED_TESTS_HTMLC_VIEWS_H
#define CONVENED_TESTS_HTMLC_VIEWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "web/view/html.h"

enum view_phase { PHASE_SOON, PHASE_OPEN, PHASE_OVER };

struct view_frame {
    const char *title;
};

struct view_row {
    const char *words;
    int64_t left;
};

struct view_rows {
    struct view_row *items;
    size_t count;
};

struct view_names {
    const char **items;
    int count;
};

struct view_part {
    const char *words;
    struct view_rows rows;
};

struct view_page {
    struct view_frame site;
    const char *title, *url, *note;
    struct safe_html about;
    int64_t number;
    size_t size;
    bool open;
    enum view_phase phase;
    struct view_rows rows;
    struct view_names names;
    struct view_part part;
    const struct view_part *other;
};

struct view_empty {
    int nothing;
};

struct view_branches {
    const char *note;
    bool open;
    enum view_phase phase;
    int64_t number, size;
};

struct view_blanks {
    bool yes;
    struct view_rows rows;
};

struct view_mail_note {
    const char *name;
    int left;
    struct view_rows rows;
};

struct view_mail_frame {
    const char *signature;
};

#endif
