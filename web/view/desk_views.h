/* What the desk's pages show; the rules of views.h hold here too. */
#ifndef CONVENED_VIEW_DESK_VIEWS_H
#define CONVENED_VIEW_DESK_VIEWS_H

#include "web/view/views.h"

struct view_desk_sign_in {
    struct view_site site;
    const char *action, *stamp;
    const char *note; /* why it is asked for, though nothing is wrong */
    struct view_faults errors;
    const char *email; /* as typed */
    const char *email_error, *password_error;
};

/* "Vor Ort: 128 von 200" */
struct view_desk_number {
    const char *label, *value;
    const char *url; /* shows who they are; or NULL */
    bool alarm; /* somebody should look */
};

/* The same for the list of meetings and for one of them. */
struct view_desk_numbers {
    struct view_desk_number *items;
    size_t count;
};

struct view_desk_card {
    const char *title, *url;
    const char *alliance;
    const char *day, *hours, *from_iso;
    const char *state;
    int tone; /* enum view_tone */
    struct view_desk_numbers numbers;
};

struct view_desk_cards {
    struct view_desk_card *items;
    size_t count;
};

struct view_desk_home {
    struct view_site site;
    const char *reports_url, *reports; /* barriers that wait for an answer */
    bool reports_late;
    struct view_desk_cards ahead, past;
};

/* One reported barrier. */
struct view_desk_report {
    const char *id;    /* on the page */
    const char *token; /* what the button sends */
    const char *received, *due, *answered; /* days */
    bool overdue;
    const char *message; /* several lines */
    const char *page, *email, *email_url;
};

struct view_desk_reports {
    struct view_desk_report *items;
    size_t count;
};

struct view_desk_feedback {
    struct view_site site;
    const char *action;
    struct view_desk_reports open, answered;
    int64_t more; /* open ones that the page has no room for */
    int64_t days; /* for which answered ones stay */
};

/* A choice of a filter. */
struct view_desk_option {
    const char *value, *words;
    bool here;
};

struct view_desk_options {
    struct view_desk_option *items;
    size_t count;
};

/* The head of a column. */
struct view_desk_head {
    const char *words;
    const char *url;   /* sorts by it; NULL: it cannot be sorted by */
    const char *order; /* "ascending", "descending"; NULL: not sorted by it */
};

struct view_desk_heads {
    struct view_desk_head *items;
    size_t count;
};

struct view_desk_cell {
    const char *words;
    const char *iso; /* of a time; else NULL */
};

struct view_desk_cells {
    struct view_desk_cell *items;
    size_t count;
};

struct view_desk_person {
    const char *name;
    const char *pick; /* reference code, if it can be chosen; else NULL */
    bool gone; /* cancelled or declined */
    struct view_desk_cells cells; /* as many as heads, but for the name's */
};

struct view_desk_people {
    struct view_desk_person *items;
    size_t count;
};

struct view_desk_table {
    struct view_desk_heads heads;
    struct view_desk_people people;
};

struct view_desk_list {
    const char *url; /* of the page, without a filter */
    const char *search, *organisation, *from, *until;
    bool unreached, queued;
    struct view_desk_options states, modes, benches, row_counts, columns;
    const char *sort; /* to be kept by the form; NULL: by name */
    bool descending;
    bool filtered;
    bool special; /* by what does not stand in the first row of the form */
    const char *total; /* "120 Personen": whom the filter lets pass */
    const char *range; /* "1 bis 50"; NULL: all are on this page */
    struct view_desk_table table;
    struct view_links pages; /* to those beside this one */
    const char *xlsx_url, *csv_url, *json_url; /* NULL: may not export */
    /* One of them if people can be chosen; else NULL. */
    const char *decide_url, *reconsider_url;
    const char *csrf;
    bool picks; /* few enough to be chosen one by one */
    const char *approve_all, *decline_all; /* words with their number */
};

/* Somebody whom the organisers decide upon. */
struct view_desk_case {
    const char *reference, *name, *organisation;
    const char *words; /* how they take part; or what became of it */
};

struct view_desk_cases {
    struct view_desk_case *items;
    size_t count;
};

/* "Really?", with the consequence in numbers. */
struct view_desk_decide {
    struct view_site site;
    const char *meeting, *back_url, *action, *csrf;
    bool approve;
    const char *wish, *asked; /* what comes back */
    const char *heading;
    struct view_desk_numbers numbers;
    bool holds;   /* seats are held already */
    bool waiting; /* a waiting list takes those without a seat */
    struct view_desk_cases people; /* none: everybody of the list */
    const char *note; /* why it is asked again */
    const char *reason, *reason_error;
};

/* What became of it. */
struct view_desk_decided {
    struct view_site site;
    const char *meeting, *back_url;
    const char *heading;
    struct view_desk_numbers numbers;
    struct view_desk_cases people;
    const char *more; /* how many are not in the table; or NULL */
    const char *undo_url, *csrf; /* NULL: nothing to take back */
    struct view_desk_cases undo;
};

/* What one of them needs to take part well. */
struct view_desk_supported {
    const char *name, *reference;
    const char *email, *email_url; /* NULL: has none */
    const char *state, *mode;
    const char *needs, *words; /* what was ticked; in their own words */
    const char *since, *since_iso;
};

struct view_desk_supporteds {
    struct view_desk_supported *items;
    size_t count;
};

struct view_desk_support {
    struct view_site site;
    const char *title, *back_url; /* of the meeting */
    const char *deletes;          /* "21. März 2027" */
    struct view_desk_numbers numbers; /* how many need what */
    struct view_desk_supporteds people;
    bool cut; /* there are more than the page has room for */
    const char *action, *csrf;    /* takes the list home */
    const char *reason, *reason_error;
};

/* How often the options of a question were chosen. */
struct view_desk_answer_count {
    const char *label, *people, *places;
};

struct view_desk_answer_counts {
    const char *title;
    struct view_desk_answer_count *items;
    size_t count;
};

struct view_desk_answers {
    struct view_desk_answer_counts *items;
    size_t count;
};

struct view_desk_meeting {
    struct view_site site;
    const char *title, *alliance, *public_url;
    const char *day, *hours, *from_iso;
    const char *state;
    int tone; /* enum view_tone */
    struct view_desk_numbers numbers;
    struct view_desk_answers answers;
    const char *purged; /* "5. Juni 2027": nobody's data is left; or NULL */
    const char *note; /* what was wrong with what was sent */
    const char *requests_url, *requests; /* some are open, and may be decided */
    bool sees_people; /* else no list */
    const char *support_url, *support; /* the list of support needs and how
                            many are on it; NULL: not for this account */
    struct view_desk_list list;
};
/* A field of a registration, as it is and as somebody asks for it. */
struct view_desk_difference {
    const char *label, *is, *wanted;
    bool differs;
};

struct view_desk_differences {
    struct view_desk_difference *items;
    size_t count;
};

struct view_desk_wish {
    const char *id; /* of its field on the page */
    const char *token, *name, *reference, *about, *made, *made_iso;
    struct view_desk_differences rows;
    const char *reason, *error;
};

struct view_desk_wish_list {
    struct view_desk_wish *items;
    size_t count;
};

struct view_desk_wishes {
    struct view_site site;
    const char *title, *back_url, *action, *csrf;
    struct view_fault error;
    const char *note; /* what became of the one before */
    bool fine;
    struct view_desk_wish_list wishes;
    const char *more; /* how many are not shown; or NULL */
};

#endif
