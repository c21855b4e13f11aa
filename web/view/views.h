/* What the public pages show: one struct per template of web/templates, of
 * the same name. Every text is plain, in the page's language, and lives at
 * least as long as the rendering; NULL and "" mean absent. Handlers fill,
 * templates write; neither does the other's work. The desk's structs stand
 * in desk_views.h, the letters' in mail_views.h. */
#ifndef CONVENED_VIEW_VIEWS_H
#define CONVENED_VIEW_VIEWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/model/meeting.h"
#include "daemon/model/settings.h"
#include "web/view/html.h"

struct view_link {
    const char *words;
    const char *url;
    bool here; /* is the page shown */
};

struct view_links {
    struct view_link *items;
    size_t count;
};

struct view_alternate {
    const char *lang; /* "de", "en", "x-default" */
    const char *url;  /* absolute */
};

struct view_alternates {
    struct view_alternate *items;
    size_t count;
};

/* Whom to ask; on each page at the same place (WCAG 3.2.6). */
struct view_contact {
    const char *name;
    const char *email, *email_url;
    const char *phone, *phone_url;
};

/* The frame around each page: site.html is the layout of all others. */
struct view_site {
    const char *lang;  /* of the page: "de" */
    const char *title; /* of the window */
    const char *css, *icon;
    const char *more_css; /* the desk has a sheet of its own */
    const char *script;   /* makes a form livelier; NULL: none */
    bool demo;
    bool noindex;
    const char *brand, *brand_url; /* in the header: alliance or site */
    struct view_links nav;         /* the desk's sections; empty outside */
    const char *user, *logout_url, *csrf; /* somebody is signed in */
    struct view_alternates alternates;
    const char *feed_url, *feed_title; /* <link rel=alternate> */
    struct safe_html data;             /* JSON-LD block */
    const char *other_lang, *other_words, *other_url; /* language switch */
    const char *switch_form; /* id of the form that it must send along */
    struct view_contact contact;
    struct view_links legal;
};

/* Date, place and what else one asks first. */
struct view_facts {
    const char *day;                /* "Sonntag, 7. März 2027" */
    const char *hours;              /* "10:00 bis 15:00 Uhr" */
    const char *from_iso;
    const char *venue, *street, *town; /* no venue: not on site */
    const char *online; /* "Sie können auch online teilnehmen." */
    const char *access;             /* how to get in */
    const char *until, *until_iso;  /* registration closes; NULL: no matter */
    const char *changes, *changes_iso; /* one's details may be changed */
    bool changes_over;
};

/* A meeting in a list. */
struct view_card {
    const char *url, *title, *summary;
    const char *day, *hours, *from_iso;
    const char *where;
    const char *state; /* "Anmeldung offen", "Abgesagt" … */
    int tone;          /* enum view_tone */
};

enum view_tone { TONE_PLAIN, TONE_GOOD, TONE_FEW, TONE_OFF };

struct view_cards {
    struct view_card *items;
    size_t count;
    int more; /* that the page has no room for */
};

/* Meetings ahead of one alliance. */
struct view_group {
    const char *name, *url;
    struct view_cards cards;
};

struct view_groups {
    struct view_group *items;
    size_t count;
};

struct view_home {
    struct view_site site;
    struct view_groups groups;
    struct view_links alliances, regions;
};

/* How to get meetings into one's own calendar (CALENDARS L1–L3). */
struct view_subscribe {
    const char *title;        /* what is subscribed to */
    const char *https_url, *webcal_url;
    const char *google_url, *outlook_url, *office_url;
    const char *download_url; /* one meeting only */
    struct safe_html qr;
};

struct view_alliance {
    struct view_site site;
    const char *name;
    struct safe_html about;
    struct view_cards cards;
    struct view_links regions;
    struct view_link parent;
    struct view_subscribe subscribe;
};

/* One input with label, hint and error. */
struct view_field {
    const char *id, *name, *label, *hint, *error, *value;
    const char *type, *autocomplete;
    const char *inputmode; /* which keys a phone shows; NULL: by the type */
    const char *described; /* ids of hint and error */
    const char *list;      /* id of its suggestions */
    struct view_links suggestions; /* words only */
    bool required;
    bool names; /* no spell-check, capitals at first */
    bool plain; /* no spell-check, no capitals */
    bool lines; /* several of them */
    bool focus; /* the page begins here */
};

struct view_fields {
    struct view_field *items;
    size_t count;
};

struct view_choice {
    const char *id, *value, *label, *hint;
    bool checked;
    bool off; /* cannot be chosen; the hint says why */
};

/* A group of radio buttons, or of boxes to tick. */
struct view_choices {
    const char *id, *name, *legend, *hint, *error, *described;
    bool required;
    bool several; /* boxes */
    bool many; /* more than fit one below the other */
    struct view_choice *items;
    size_t count;
};

/* A question of the meeting's own: a group of choices, or one input. */
struct view_question {
    struct view_choices choices; /* no items: it is an input */
    struct view_field field;
    /* Of one that is not asked of everybody: the field on which it hangs, its
     * values that show it, and the mark that it was on the page. */
    const char *if_name, *if_values, *seen;
    bool hidden; /* by now */
};

struct view_questions {
    struct view_question *items;
    size_t count;
};

/* A field of a form, as it was sent. */
struct view_carry {
    const char *name, *value;
};

struct view_carried {
    struct view_carry *items;
    size_t count;
};

/* The question that a suspect is asked. */
struct view_guard {
    struct view_site site;
    const char *title, *action; /* of the meeting */
    struct view_carried carried;
    const char *challenge;
    int64_t bits;
    int parts;
    const char *script;
    struct view_field answer;
};

/* A fault, as the summary box lists it. */
struct view_fault {
    const char *url; /* "#nachname" */
    const char *words;
};

struct view_faults {
    struct view_fault *items;
    size_t count;
};

/* What somebody needs to take part well. */
struct view_support {
    bool asked; /* else the block is not there */
    bool open;  /* something was said, or something is wrong */
    struct view_contact contact; /* whom to call; empty: not here */
    struct view_choices needs;   /* boxes; the id is the name too */
    const char *words_id, *words, *words_error;
    const char *consent_id, *consent_words, *consent_error;
    bool consent;
    const char *deletes; /* "21. März 2027" */
};

/* Somebody who is brought along. */
struct view_guest {
    const char *id;
    int number; /* in the form: 2, 3 … */
    const char *asked, *asked_name; /* as the lead's */
    struct view_fields person;
    struct view_choices mode;
    struct view_questions questions;
    struct view_support support;
};

struct view_guests {
    struct view_guest *items;
    size_t count;
};

struct view_form {
    const char *action, *stamp;
    struct view_links notes; /* to know before it is filled in; words only */
    const char *asked; /* an address that was doubted once */
    struct view_faults errors;
    struct view_fields person, organisation; /* two groups of inputs */
    struct view_choices bench, mode;  /* no items: not asked */
    struct view_questions questions;  /* the meeting's own */
    struct view_faults more; /* questions that came up only now */
    const char *wish; /* where the mode is not asked; NULL: none */
    bool invite;
    int people; /* in the form */
    struct view_guests guests;
    bool can_add, focus_add;
    const char *button;
    const char *privacy_text, *privacy_url;
    struct view_support support;
};

/* Seats of one mode. */
struct view_seat {
    const char *mode; /* "Vor Ort" */
    const char *words;
    bool full;
    int64_t taken_percent;
};

struct view_seats {
    struct view_seat *items;
    size_t count;
};

struct view_session {
    const char *hours, *from_iso;
    const char *title, *speaker;
    struct safe_html about;
};

struct view_sessions {
    struct view_session *items;
    size_t count;
};

struct view_meeting {
    struct view_site site;
    const char *title, *summary;
    const char *when_and_where; /* in short, above the title */
    struct safe_html about;
    struct view_facts facts;
    struct view_sessions sessions;
    struct view_seats seats;
    enum meeting_phase phase;
    const char *phase_words; /* what replaces the form */
    const char *cancel_reason;
    const char *refused;     /* why the last try was not taken */
    bool has_form;
    struct view_form form;
    struct view_subscribe subscribe;
};

/* A line of what was entered. */
struct view_entry {
    const char *label, *value;
};

struct view_entries {
    struct view_entry *items;
    size_t count;
};

struct view_done {
    struct view_site site;
    const char *title, *url;
    const char *heading, *lead; /* how they stand */
    bool registered;            /* all of them */
    struct view_facts facts;
    struct view_links steps;    /* what happens next; words only */
    struct view_entries people; /* none if it is one alone */
    struct view_entries entries; /* the lead's */
    const char *download_url;   /* NULL: nobody has a place yet */
    const char *again_url;
};

/* Somebody who came with her. */
struct view_companion {
    const char *name, *mode, *state;
    const char *url; /* her page; NULL: she has a mailbox of her own */
    bool live;       /* neither cancelled nor declined */
};

struct view_companions {
    struct view_companion *items;
    size_t count;
};

/* What the organiser was asked. */
struct view_wish {
    const char *about;  /* "Change of your details" */
    const char *words;  /* "Your request of 5 June 2027 is open." */
    const char *reason; /* why it was declined; NULL: none was given */
    struct view_entries values;
    const char *kind;   /* to withdraw it; NULL: it is decided */
};

struct view_wishes {
    struct view_wish *items;
    size_t count;
};

struct view_mine {
    struct view_site site;
    const char *title, *url;
    struct view_facts facts;
    struct view_entries entries;
    const char *headline;    /* how she stands */
    const char *whose;       /* of whom, if her letters go to another; NULL */
    bool live;               /* neither cancelled nor declined */
    bool registered;
    bool pending;            /* the organiser has yet to decide */
    bool called_off;         /* the meeting itself is cancelled */
    const char *cancel_reason;
    const char *reason;      /* why she was declined; NULL: not told */
    const char *reference;
    const char *join_url;
    const char *note;        /* what became of the last wish; NULL */
    bool fault;              /* it could not be met */
    const char *stamp;       /* of all buttons */
    const char *confirm_url, *confirm_words; /* url NULL: nothing to do */
    const char *claim_url, *claim_words;     /* likewise */
    const char *claim_mode;  /* "On site" */
    const char *queue;       /* her place in one; NULL: is in none */
    const char *queue_hope;  /* what may come of it */
    const char *stop_url;    /* to leave it and keep the seat; NULL */
    struct view_companions party;
    int64_t party_live;      /* people, with her */
    bool cancel_all;         /* they may all be cancelled at once */
    struct view_wishes wishes;
    const char *changes;     /* until when, or what instead; NULL: over */
    bool asks;               /* a change is a request by now */
    const char *change_url, *handover_url; /* NULL: not possible */
    const char *mode_url;    /* NULL: there is no other mode */
    const char *mode_value, *mode_words, *mode_button;
    bool mode_waits;         /* the button puts her into a queue */
    const char *cancel_url;  /* NULL: not possible any more */
    const char *cancel_words, *cancel_button;
    const char *cancel_all_url;
    const char *undo_url;    /* NULL: not possible */
    const char *undo_words;
    bool undo_waits;         /* the button puts her into a queue */
    const char *no_undo;     /* then: why */
    const char *download_url;
    const char *deletes;     /* "5. Juni 2027" */
    const char *data_url, *erase_url;
    const char *support_url; /* NULL: nothing is left of it */
    const char *withdraw_url;
    const char *answers_url; /* NULL: nothing to change */
};

/* A person's fields behind the mailed link. */
struct view_person {
    struct view_fields fields;
    struct view_choices bench; /* no items: not asked */
    const char *asked;         /* an address that was doubted once */
    bool has_invite, invite;
    struct view_faults errors;
};

struct view_mine_change {
    struct view_site site;
    const char *title, *url; /* of the meeting */
    const char *back_url;    /* my registration */
    const char *note;        /* why it was not done just now */
    const char *action, *stamp;
    bool asks;               /* a request to the organiser */
    bool address_hint;       /* how to change the address */
    struct view_person person;
};

struct view_handover {
    struct view_site site;
    const char *title, *url;
    const char *back_url, *note, *action, *stamp;
    bool asks;
    int64_t hours;      /* for the new one to confirm; 0: need not */
    bool approval;      /* the organiser decides on the new one */
    int64_t companions; /* whose letters go with the place */
    struct view_person person;
};

/* After it was done. */
struct view_handed {
    struct view_site site;
    const char *title, *url;
    int64_t hours;
    bool approval;
};

/* Before all of a party are cancelled. */
struct view_cancel_all {
    struct view_site site;
    const char *title, *url;
    const char *back_url, *note, *action, *stamp;
    int64_t people;
    bool possible;
    struct view_companions party;
};

/* Send me my link again. */
struct view_links_form {
    struct view_site site;
    const char *note, *action, *stamp;
    struct view_field field;
};

struct view_links_sent {
    struct view_site site;
    const char *back_url;
};

/* What somebody answered to the meeting's questions, to be changed. */
struct view_mine_answers {
    struct view_site site;
    const char *title, *url; /* of the meeting */
    const char *back_url;    /* my registration */
    const char *note;        /* why nothing can be changed, or was */
    struct view_faults errors;
    struct view_faults more; /* questions that came up only now */
    const char *action, *stamp;
    bool asks; /* it goes to the organiser as a request */
    struct view_questions questions; /* no items: cannot be changed */
};

/* What somebody needs to take part well, behind the mailed link. */
struct view_mine_support {
    struct view_site site;
    const char *title, *url; /* of the meeting */
    const char *back_url;    /* my registration */
    const char *note;        /* why the last wish could not be met */
    struct view_faults errors;
    const char *action, *stamp;
    struct view_support support; /* not asked: nothing new is taken */
    bool stored;                 /* it may be withdrawn */
};

/* Before one's data is erased. */
struct view_erase {
    struct view_site site;
    const char *title, *url; /* of the meeting */
    const char *back_url;    /* my registration */
    const char *note;        /* why it was not done just now */
    const char *action, *stamp;
    bool live;    /* the meeting is ahead: this gives a place back */
    bool entry;   /* and takes an entry out of a calendar */
    int64_t days; /* for which the address may stay so long */
    int64_t companions; /* who stay, and whom no letter reaches then */
};

/* After it was. */
struct view_erased {
    struct view_site site;
    const char *title, *url; /* of the meeting */
    bool live;               /* a place was given back */
    const char *latest;      /* so long the address may stay; NULL: is gone */
};

struct view_legal {
    struct view_site site;
    const char *title;
    const char *lang; /* of the text, which may exist in the other one only */
    struct safe_html text;
};

/* A part of the operator's own in the accessibility statement. */
struct view_part {
    const char *title;
    const char *lang;
    struct safe_html text;
};

struct view_parts {
    struct view_part *items;
    size_t count;
};

/* The accessibility statement in the order of the EU's model. */
struct view_statement {
    struct view_site site;
    const char *title;
    struct view_parts own;    /* instead of all that is made from config */
    const char *body, *law, *url; /* who, by which rules, for what */
    enum statement_status status;
    struct view_parts unmet;  /* by reason; then alternatives */
    const char *prepared, *prepared_iso, *reviewed, *reviewed_iso;
    bool external;            /* not assessed by the body itself */
    const char *feedback_url;
    struct view_parts enforcement;
};

/* Reporting a barrier. */
struct view_feedback {
    struct view_site site;
    const char *action, *stamp;
    const char *note; /* why it was not taken, if no field is at fault */
    struct view_faults errors;
    struct view_field message; /* type and autocomplete are not used */
    struct view_field address, page;
    const char *privacy_url;
    int64_t days; /* for which it stays after it was answered */
};

struct view_feedback_thanks {
    struct view_site site;
    const char *statement_url; /* NULL: there is none */
};

struct view_error {
    struct view_site site;
    int status;
    const char *title;
    const char *words;
    const char *links_url; /* send me my link again; NULL: no matter */
    const char *id; /* to tell us; NULL: not needed */
};

#include "web/view/desk_views.h"

#endif
