/* What the letters show: one struct per pair of templates in
 * web/templates/mail, of the same name. Plain texts in the letter's language;
 * NULL and "" mean absent. What a person typed is never here but for the
 * name (RELIABILITY: our mail as spam carrier), and for what the operator is
 * told. */
#ifndef CONVENED_VIEW_MAIL_VIEWS_H
#define CONVENED_VIEW_MAIL_VIEWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "web/view/html.h"

/* The sheet of paper: letterhead, salutation, contact, duties. */
struct view_mail_frame {
    const char *lang;  /* "de" */
    const char *title; /* the subject */
    bool demo;
    const char *name;  /* "Dr. Vorname Nachname" */
    const char *about; /* whom it is about, if not whom it greets */
    const char *alliance;
    const char *contact_name, *contact_phone;
    const char *contact_email, *contact_url; /* the latter with mailto: */
    const char *impressum_url;
    const char *privacy_url; /* NULL: it says nothing of a person */
    struct safe_html data; /* JSON-LD block */
};

struct view_mail_facts {
    const char *title;
    const char *when;   /* "Sonntag, 7. März 2027, 10:00 bis 15:00 Uhr" */
    const char *zone;   /* only where it is not Berlin's */
    const char *venue;  /* one line; on-site only */
    const char *access; /* how to get in; on-site only */
    bool online;
    bool certain; /* registered, and not merely on the way to it */
    const char *page_url;
};

/* The way to the registration, for this mailbox alone. */
struct view_mail_link {
    const char *label;
    const char *url;
};

struct view_mail_person {
    const char *name;      /* or that it is somebody */
    const char *status;    /* "angemeldet, vor Ort" */
    const char *reference; /* NULL: not registered */
};

/* Those whom the letter covers besides the one it greets. */
struct view_mail_people {
    struct {
        struct view_mail_person *items;
        size_t count;
    } all;
};

/* What somebody who is registered needs. */
struct view_mail_ticket {
    struct view_mail_facts facts;
    const char *reference;
    const char *join_url;     /* online people only */
    struct view_mail_link link;
    const char *calendar_url; /* NULL: the meeting is not public */
    bool invite;              /* a letter of its own brings it */
    const char *deletes;      /* "5. Juni 2027" */
    struct view_mail_people people;
};

struct view_mail_confirmation {
    struct view_mail_frame site;
    struct view_mail_ticket ticket;
};

struct view_mail_moved_up {
    struct view_mail_frame site;
    struct view_mail_ticket ticket;
};

/* What is empty has not been proven to be this mailbox's own words. */
struct view_mail_changed {
    struct view_mail_frame site;
    const char *name, *organisation, *position;
    int details; /* how many of these stand there */
    struct view_mail_ticket ticket;
};

/* Nothing that was typed: nobody has proven this address yet. */
struct view_mail_confirm_address {
    struct view_mail_frame site;
    struct view_mail_facts facts;
    struct view_mail_link link;
    const char *until;
    size_t others; /* brought along */
};

struct view_mail_waiting {
    struct view_mail_frame site;
    struct view_mail_facts facts;
    bool keeps;  /* is registered in the other mode */
    bool online; /* the queue is that one's */
    bool offers; /* a free place is offered, not given at once */
    int64_t place;
    struct view_mail_people people;
    struct view_mail_link link;
    const char *deletes;
};

struct view_mail_offer {
    struct view_mail_frame site;
    struct view_mail_facts facts;
    bool keeps;  /* is registered in the other mode */
    bool online; /* the place is */
    int64_t places;
    const char *until;
    struct view_mail_people people;
    struct view_mail_link link;
    const char *deletes;
};

struct view_mail_lapsed {
    struct view_mail_frame site;
    struct view_mail_facts facts;
    bool keeps; /* is registered in the other mode */
    struct view_mail_people people;
    struct view_mail_link link;
    const char *deletes;
};

struct view_mail_pending {
    struct view_mail_frame site;
    struct view_mail_facts facts;
    bool holds; /* a place is kept */
    struct view_mail_people people;
    struct view_mail_link link;
    const char *deletes;
};

struct view_mail_declined {
    struct view_mail_frame site;
    struct view_mail_facts facts;
    const char *reason;
    struct view_mail_people people;
    struct view_mail_link link;
    const char *deletes;
};

/* No word of the one who has the place now, and no link. */
struct view_mail_handed_over {
    struct view_mail_frame site;
    struct view_mail_facts facts;
};

struct view_mail_links_item {
    const char *title, *when;
    const char *name, *status;
    const char *url;
};
struct view_mail_links {
    struct view_mail_frame site;
    struct {
        struct view_mail_links_item *items;
        size_t count;
    } registrations;
};

/* No secret in this one: calendars copy and share it (CALENDARS 1.6). */
struct view_mail_invitation {
    struct view_mail_frame site;
    struct view_mail_facts facts;
};

struct view_mail_goodbye {
    struct view_mail_frame site;
    struct view_mail_facts facts;
    struct view_mail_people people;
    struct view_mail_link link;
    const char *deletes;
};

struct view_mail_withdrawal {
    struct view_mail_frame site;
    struct view_mail_facts facts;
    bool called_off; /* the meeting; else she has no seat any more */
};

struct view_mail_wish {
    const char *what;   /* a kind of change, in words of ours */
    const char *reason; /* the organiser's; NULL: has not decided */
};
struct view_mail_wishes {
    struct view_mail_wish *items;
    size_t count;
};

/* To the organiser. What is wanted stands at the desk. */
struct view_mail_wish_to_host {
    struct view_mail_frame site;
    struct view_mail_facts facts;
    const char *who;
    const char *reference;
    struct view_mail_wishes wishes;
    const char *desk_url;
};

struct view_mail_wish_declined {
    struct view_mail_frame site;
    struct view_mail_facts facts;
    struct view_mail_wishes wishes;
    struct view_mail_link link;
    const char *deletes;
};

struct view_mail_called_off {
    struct view_mail_frame site;
    struct view_mail_facts facts;
    const char *reason;
    size_t others; /* whom the letter covers as well */
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
    const char *status;    /* how it stands, a sentence */
    const char *reference; /* NULL: not registered */
    struct view_mail_people people;
    struct view_mail_link link;
    const char *deletes;
};

#endif
