/* The part of an address that names an alliance or a meeting. */
#ifndef CONVENED_MODEL_SLUG_H
#define CONVENED_MODEL_SLUG_H

enum slug_verdict { SLUG_OK, SLUG_BAD, SLUG_RESERVED };

#define SLUG_MOST 60

/* a–z, 0–9 and single hyphens inside, at most SLUG_MOST; not one of the words
 * that mean something in an address (PRODUCT.md section 3). */
enum slug_verdict slug_check(const char *);
const char *slug_advice(enum slug_verdict); /* what to do about it */

#endif
