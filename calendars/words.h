/* Texts as calendar programs take them (CALENDARS B3, B6, B7). Input is
 * checked when it comes in; this is the second gate, because libical lets
 * anything pass: bytes that are not UTF-8, control characters, marks of
 * direction and the byte order mark are dropped, the rest is put into NFC.
 * All in the arena. Private to calendars/. */
#ifndef CONVENED_CALENDARS_WORDS_H
#define CONVENED_CALENDARS_WORDS_H

struct arena;

/* Line ends become LF, TAB a blank, blanks at both ends are cut. A backslash
 * that common programs misread becomes a slash (B4: all readers agree). */
char *words_text(struct arena *, const char *);
/* As words_text, on one line. */
char *words_line(struct arena *, const char *);
/* A line without , ; \ – for X- values, in which they cannot be escaped
 * alike for all readers. */
char *words_name(struct arena *, const char *);
/* A line for a parameter: quotes become „ “, ^ and \ are dropped. */
char *words_label(struct arena *, const char *);

#endif
