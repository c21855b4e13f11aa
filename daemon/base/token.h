/* Secrets: keys, links that carry rights, sealed boxes, passwords, random
 * ids. The only home of libsodium. */
#ifndef CONVENED_BASE_TOKEN_H
#define CONVENED_BASE_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/base/err.h"

struct arena;

#define ID_BYTES 16
/* A random id: unguessable, what the outside sees of a row. */
struct id {
    uint8_t bytes[ID_BYTES];
};

enum token_purpose {
    TOKEN_REGISTRATION = 1, /* see, change and cancel one registration */
    TOKEN_STAMP,            /* a form was opened in this second */
    TOKEN_RECEIPT,          /* what a form contained, 24 h and longer */
    TOKEN_CSRF,             /* a form of this login */
    TOKEN_LOGIN,            /* a desk cookie, as stored */
    TOKEN_HOUSE,            /* this key belongs to that database */
    TOKEN_FEEDBACK,         /* a reported barrier, at the desk */
    TOKEN_WISH,             /* a request for a change, at the desk */
};

/* The secret beside the database; immutable after loading. */
struct keyring;

void token_start(void); /* once, before anything here */
/* Reads the key file (32 bytes), which nobody else may read; with `create`,
 * makes it if missing. */
MUST_USE enum rc keyring_load(const char *path, bool create,
                              struct keyring **, struct err *);
void keyring_free(struct keyring **);

struct id id_random(void);
bool id_equal(const struct id *, const struct id *);
char *id_uuid(struct arena *, const struct id *); /* RFC 9562 text form */
/* "uuid@domain": lasting names of letters and calendar events. */
char *id_at(struct arena *, const struct id *, const char *domain);

/* base64url(id ‖ MAC(purpose, id, generation)): nothing to store, and a
 * higher generation revokes it. 43 characters. */
char *token_make(struct arena *, const struct keyring *, enum token_purpose,
                 const struct id *, int64_t generation);
/* The id that a token speaks of, not yet believed. False: not a token. */
bool token_id(const char *token, struct id *);
/* Constant time. */
bool token_valid(const struct keyring *, enum token_purpose,
                 const char *token, int64_t generation);

/* MAC over a purpose and any text, base64url, 22 characters. */
char *mac_text(struct arena *, const struct keyring *, enum token_purpose,
               const char *text);
bool mac_text_valid(const struct keyring *, enum token_purpose,
                    const char *text, const char *mac);

/* By which a database knows its key again, and which says nothing about
 * the key. */
char *keyring_mark(struct arena *, const struct keyring *);

/* A sealed box whose text depends on its content alone: the same content
 * gives the same box. base64url. */
char *seal(struct arena *, const struct keyring *, enum token_purpose,
           const void *, size_t length);
/* NULL if it was not made by seal() with this key and purpose. */
void *unseal(struct arena *, const struct keyring *, enum token_purpose,
             const char *box, size_t *length);

#define PASSWORD_HASH_BYTES 128
/* Argon2id, 19 MiB, 2 passes (RELIABILITY section 5): slow on purpose, never
 * on an event loop. */
void password_hash(const char *password, char out[PASSWORD_HASH_BYTES]);
/* With hash NULL it takes as long and says false: no account is given away. */
bool password_valid(const char *hash, const char *password);

/* `length` characters without 0 O 1 I, for reference codes and passwords. */
char *random_readable(struct arena *, size_t length);
/* 256 random bits, base64url: a login. */
char *random_secret(struct arena *);
/* Takes the same time wherever they differ. */
bool secret_equal(const char *, const char *);
/* A keyless hash, hex, 32 characters: an ETag. */
void digest_hex(const void *, size_t length, char out[33]);
/* SHA-256 of a secret that we keep only as its hash. */
void digest_secret(const char *secret, uint8_t out[32]);
uint64_t random_number(void);

const char *token_library_version(void); /* of libsodium, as it runs */

#endif
