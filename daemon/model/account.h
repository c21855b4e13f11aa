/* Who may sit at the desk. */
#ifndef CONVENED_MODEL_ACCOUNT_H
#define CONVENED_MODEL_ACCOUNT_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/base/token.h"

enum role {
    ROLE_NONE,
    ROLE_NUMBERS, /* counts, no person */
    ROLE_DOOR,    /* check-in */
    ROLE_EDITOR,  /* sees, edits and exports */
    ROLE_OWNER,   /* also accounts */
};

struct account {
    int64_t id;
    const char *email; /* as typed at creation, its key is unique */
    const char *name;
    const char *password_hash;
    int64_t alliance_id; /* 0: all of them */
    enum role role;      /* there, and in its regions */
    int64_t created_at;
};

struct accounts {
    struct account *items;
    size_t count;
};

/* Somebody signed in at the desk; lives in the request's arena. */
struct login {
    int64_t id;
    struct account account;
    const char *csrf;    /* what every form of this login must carry */
    int64_t started_at;
    int64_t seen_at;     /* to the minute */
};

#endif
