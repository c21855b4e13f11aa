/* What the letters show: one struct per pair of templates in
 * web/templates/mail, of the same name. Plain texts in the letter's language;
 * NULL and "" mean absent. What a person typed is never here but for the
 * name (RELIABILITY: our mail as spam carrier), and for what the operator is
 * told. */
#ifndef CONVENED_VIEW_MAIL_VIEWS_H
#define CONVENED_VIEW_MAIL_VIEWS_H

#include <stdbool.h>
#include <stddef.h>

#include "web/view/html.h"

/* The sheet of paper: letterhead, salutation, contact, duties. */
struct view_mail_frame {
    const char *lang;  /* "de" */
    const char *title; /* the subject */
    bool demo;
    const char *name;  /* "Dr. Vorname Nachname" */
    const char *alliance;
    const char *contact_name, *contact_phone;
    const char *contact_email, *contact_url; /* the latter with mailto: */
    const char *impressum_url;
    struct safe_html data; /* JSON-LD block */
};

struct view_mail_facts {
    const char *title;
    const char *when;   /* "Sonntag, 7. März 2027, 10:00 bis 15:00 Uhr" */
    const char *zone;   /* only where it is not Berlin's */
    const char *venue;  /* one line; on-site only */
    const char *access; /* how to get in; on-site only */
    bool online;
    const char *page_url;
};

struct view_mail_confirmation {
    struct view_mail_frame site;
    struct view_mail_facts facts;
    const char *reference;
    const char *join_url;     /* online people only */
    const char *manage_url;
    const char *calendar_url; /* NULL: the meeting is not public */
    bool invite;              /* a letter of its own brings it */
    const char *deletes;      /* "5. Juni 2027" */
};

/* No secret in this one: calendars copy and share it (CALENDARS 1.6). */
struct view_mail_invitation {
    struct view_mail_frame site;
    struct view_mail_facts facts;
};

struct view_mail_goodbye {
    struct view_mail_frame site;
    struct view_mail_facts facts;
    const char *manage_url;
    const char *deletes;
};

struct view_mail_withdrawal {
    struct view_mail_frame site;
    struct view_mail_facts facts;
    bool called_off; /* the meeting; else she cancelled herself */
};

struct view_mail_called_off {
    struct view_mail_frame site;
    struct view_mail_facts facts;
    const char *reason;
    bool invite; /* a letter of its own takes the calendar entry back */
    const char *deletes;
};

/* A line of what somebody else wrote. */
struct view_mail_line {
    const char *words;
};

struct view_mail_lines {
    struct view_mail_line *items;
    size_t count;
};

/* To the operator alone. */
struct view_mail_feedback {
    struct view_mail_frame site;
    const char *received, *due;
    const char *page;  /* as typed */
    const char *email; /* NULL: was not given */
    struct view_mail_lines lines;
    const char *desk_url;
};

struct view_mail_already {
    struct view_mail_frame site;
    struct view_mail_facts facts;
    const char *reference;
    const char *manage_url;
    const char *deletes;
};

#endif
