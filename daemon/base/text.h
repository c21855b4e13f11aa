/* Unicode text. The only home of libunistring. */
#ifndef CONVENED_BASE_TEXT_H
#define CONVENED_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

bool text_is_utf8(const char *, size_t length);
bool text_is_ascii(const char *);
size_t text_characters(const char *); /* code points of valid UTF-8 */

/* NFC (DIN 91379), white space at both ends cut, runs inside kept. */
char *text_clean(struct arena *, const char *);
/* As text_clean, for one line: runs of blanks become one. */
char *text_clean_line(struct arena *, const char *);
/* C0 or C1 controls, DEL, line and paragraph separators, BOM, a direction
 * override or one of Unicode's noncharacters. With lines_allowed, TAB, CR and
 * LF are fine. */
bool text_has_control(const char *, bool lines_allowed);
/* Might be a name: letters of any script with their marks, blanks, and ' ’ -
 * and . among them, but none of which a mail program makes a link: behind a
 * full stop stands no word. Empty is none. */
bool text_is_name(const char *);

/* For "is this the same person": NFC, case folded, blanks as one. */
char *text_fold_same(struct arena *, const char *);
/* For search: case folded, without marks, DIN 91379 mapped to A–Z, and ae oe
 * ue ss as a o u s, so that Müller, MUELLER and muller meet. */
char *text_fold_search(struct arena *, const char *);
/* A–Z alone, in place: for what is ASCII by its own rules. */
void text_lower_ascii(char *);
/* At most `most` bytes, never cutting a character. */
char *text_cut(struct arena *, const char *, size_t most);

char *text_library_version(struct arena *); /* of libunistring */

#endif
