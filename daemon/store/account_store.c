#include "daemon/store/account_store.h"

#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/base/token.h"
#include "daemon/store/query.h"

enum {
    BY_EMAIL, LIST, INSERT, ROLE_INSERT, SET_PASSWORD, END_LOGINS, ROLE_AT,
    LOGIN_INSERT, LOGIN_BY_SECRET, LOGIN_TOUCH, LOGIN_DELETE, LOGIN_PURGE,
    TRY_INSERT, TRY_COUNT, TRY_FORGIVE, TRY_PURGE, AUDIT_INSERT,
    AUDIT_VALUE, AUDIT_REASON,
};

#define SECRET_HASH_BYTES 32

/* An account with several roles shows its widest: everywhere first. */
#define COLUMNS \
    "a.id, a.email, a.name, a.password_hash, a.created_at," \
    " coalesce((SELECT r.alliance_id FROM account_role r" \
    " WHERE r.account_id = a.id ORDER BY CASE WHEN r.alliance_id IS NULL" \
    " THEN 0 ELSE 1 END, r.role DESC, r.id LIMIT 1), 0)," \
    " coalesce((SELECT r.role FROM account_role r" \
    " WHERE r.account_id = a.id ORDER BY CASE WHEN r.alliance_id IS NULL" \
    " THEN 0 ELSE 1 END, r.role DESC, r.id LIMIT 1), 0)"

static const struct statement statements[] = {
    [BY_EMAIL] = { "account_by_email",
        "SELECT " COLUMNS " FROM account a WHERE a.email_key = ?1" },
    [LIST] = { "account_list",
        "SELECT " COLUMNS " FROM account a ORDER BY a.email_key" },
    [INSERT] = { "account_insert",
        "INSERT INTO account (email, email_key, name, password_hash,"
        " created_at) VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT (email_key) DO NOTHING" },
    [ROLE_INSERT] = { "account_role_insert",
        "INSERT INTO account_role (account_id, alliance_id, role)"
        " VALUES (?1, ?2, ?3)" },
    [SET_PASSWORD] = { "account_set_password",
        "UPDATE account SET password_hash = ?2 WHERE id = ?1" },
    [END_LOGINS] = { "login_end_all",
        "DELETE FROM login WHERE account_id = ?1" },
    [ROLE_AT] = { "account_role_at",
        "SELECT coalesce(max(r.role), 0) FROM account_role r"
        " WHERE r.account_id = ?1 AND (r.alliance_id IS NULL"
        " OR r.alliance_id = ?2 OR r.alliance_id ="
        " (SELECT parent_id FROM alliance WHERE id = ?2))" },
    [LOGIN_INSERT] = { "login_insert",
        "INSERT INTO login (account_id, secret_hash, started_at, seen_at)"
        " VALUES (?1, ?2, ?3, ?3)" },
    [LOGIN_BY_SECRET] = { "login_by_secret",
        "SELECT " COLUMNS ", l.id, l.started_at, l.seen_at FROM login l"
        " JOIN account a ON a.id = l.account_id WHERE l.secret_hash = ?1" },
    [LOGIN_TOUCH] = { "login_touch",
        "UPDATE login SET seen_at = ?2 WHERE id = ?1 AND seen_at < ?2" },
    [LOGIN_DELETE] = { "login_delete", "DELETE FROM login WHERE id = ?1" },
    [LOGIN_PURGE] = { "login_purge",
        "DELETE FROM login WHERE seen_at < ?1 OR started_at < ?2" },
    [TRY_INSERT] = { "try_insert",
        "INSERT INTO try (email_key, prefix, at) VALUES (?1, ?2, ?3)" },
    [TRY_COUNT] = { "try_count",
        "SELECT count(*), coalesce(sum(CASE WHEN email_key = ?1 THEN 1"
        " ELSE 0 END), 0), coalesce(min(at), 0), coalesce(min(CASE WHEN"
        " email_key = ?1 THEN at END), 0)"
        " FROM try WHERE prefix = ?2 AND at > ?3" },
    [TRY_FORGIVE] = { "try_forgive", "DELETE FROM try WHERE id = ?1" },
    [TRY_PURGE] = { "try_purge", "DELETE FROM try WHERE at < ?1" },
    [AUDIT_INSERT] = { "audit_insert",
        "INSERT INTO audit (at, actor, deed, alliance_id, meeting_id,"
        " registration_id, amount) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)" },
    [AUDIT_VALUE] = { "audit_value_insert",
        "INSERT INTO audit_value (audit_id, person_id, field, was, became)"
        " VALUES (?1, ?2, ?3, ?4, ?5)" },
    [AUDIT_REASON] = { "audit_reason_insert",
        "INSERT INTO audit_reason (audit_id, reason) VALUES (?1, ?2)" },
};

const struct family account_family = {
    FAMILY_ACCOUNT, statements, sizeof statements / sizeof *statements,
};

static void read_account(struct query *q, struct arena *arena,
                         struct account *a)
{
    a->id = column_int(q, 0);
    a->email = column_text(q, 1, arena);
    a->name = column_text(q, 2, arena);
    a->password_hash = column_text(q, 3, arena);
    a->created_at = column_int(q, 4);
    a->alliance_id = column_int(q, 5);
    a->role = (enum role)column_int(q, 6);
}

enum rc account_by_email(struct reader *reader, struct arena *arena,
                         const char *email, struct account *out,
                         struct err *err)
{
    struct query q = query_read(reader, &account_family, BY_EMAIL);

    bind_text(&q, 1, address_key(arena, email));
    bool found = query_next(&q);
    if (found)
        read_account(&q, arena, out);
    return query_end_found(&q, found, err);
}

enum rc account_list(struct reader *reader, struct arena *arena,
                     struct accounts *out, struct err *err)
{
    struct query q = query_read(reader, &account_family, LIST);

    *out = (struct accounts){ 0 };
    while (query_next(&q)) {
        out->items = list_room(arena, out->items, out->count,
                               sizeof *out->items);
        read_account(&q, arena, &out->items[out->count++]);
    }
    return query_end(&q, err);
}

static enum rc row_insert(struct writer *writer, int64_t now,
                          struct account *account, struct err *err)
{
    struct query q = query_write(writer, &account_family, INSERT);
    struct arena *arena = arena_new();

    bind_text(&q, 1, account->email);
    bind_text(&q, 2, address_key(arena, account->email));
    bind_text(&q, 3, account->name);
    bind_text(&q, 4, account->password_hash);
    bind_int(&q, 5, now);
    enum rc rc = query_insert(&q, &account->id, err);
    arena_free(&arena);
    return rc;
}

enum rc account_insert(struct writer *writer, int64_t now,
                       struct account *account, struct err *err)
{
    enum rc rc = row_insert(writer, now, account, err);

    if (rc == RC_NOT_FOUND)
        return err_set(err, "there is an account of that name already");
    if (rc != RC_OK)
        return rc;
    account->created_at = now;
    struct query q = query_write(writer, &account_family, ROLE_INSERT);
    bind_int(&q, 1, account->id);
    bind_ref(&q, 2, account->alliance_id);
    bind_int(&q, 3, account->role);
    return query_run(&q, NULL, err);
}

enum rc account_set_password(struct writer *writer, int64_t id,
                             const char *hash, struct err *err)
{
    struct query q = query_write(writer, &account_family, SET_PASSWORD);
    int64_t changed;

    bind_int(&q, 1, id);
    bind_text(&q, 2, hash);
    enum rc rc = query_run(&q, &changed, err);
    if (rc != RC_OK || changed == 0)
        return rc == RC_OK ? RC_NOT_FOUND : rc;
    q = query_write(writer, &account_family, END_LOGINS);
    bind_int(&q, 1, id);
    return query_run(&q, NULL, err);
}

enum rc account_role_at(struct reader *reader, const struct account *account,
                        int64_t alliance_id, enum role *role,
                        struct err *err)
{
    struct query q = query_read(reader, &account_family, ROLE_AT);
    int64_t found = ROLE_NONE;

    bind_int(&q, 1, account->id);
    bind_int(&q, 2, alliance_id);
    enum rc rc = query_number(&q, &found, err);
    *role = (enum role)found;
    return rc;
}

enum rc login_insert(struct writer *writer, int64_t now, int64_t account_id,
                     const char *secret, int64_t *id, struct err *err)
{
    struct query q = query_write(writer, &account_family, LOGIN_INSERT);
    uint8_t hash[SECRET_HASH_BYTES];

    digest_secret(secret, hash);
    bind_int(&q, 1, account_id);
    bind_blob(&q, 2, hash, sizeof hash);
    bind_int(&q, 3, now);
    return query_insert(&q, id, err);
}

/* Follows from the secret, which nobody else has; nothing to store. */
static const char *csrf_of(struct arena *arena, const char *secret)
{
    const char *text = arena_printf(arena, "desk form of %s", secret);
    uint8_t hash[SECRET_HASH_BYTES];
    char *hex = arena_alloc(arena, 33);

    digest_secret(text, hash);
    digest_hex(hash, sizeof hash, hex);
    return hex;
}

enum rc login_by_secret(struct reader *reader, struct arena *arena,
                        const char *secret, struct login *out,
                        struct err *err)
{
    struct query q = query_read(reader, &account_family, LOGIN_BY_SECRET);
    uint8_t hash[SECRET_HASH_BYTES];

    digest_secret(secret, hash);
    bind_blob(&q, 1, hash, sizeof hash);
    bool found = query_next(&q);
    if (found) {
        read_account(&q, arena, &out->account);
        out->id = column_int(&q, 7);
        out->started_at = column_int(&q, 8);
        out->seen_at = column_int(&q, 9);
        out->csrf = csrf_of(arena, secret);
    }
    return query_end_found(&q, found, err);
}

#define MINUTE 60

enum rc login_touch(struct writer *writer, int64_t now, int64_t id,
                    struct err *err)
{
    struct query q = query_write(writer, &account_family, LOGIN_TOUCH);

    bind_int(&q, 1, id);
    bind_int(&q, 2, now - now % MINUTE);
    return query_run(&q, NULL, err);
}

enum rc login_delete(struct writer *writer, int64_t id, struct err *err)
{
    struct query q = query_write(writer, &account_family, LOGIN_DELETE);

    bind_int(&q, 1, id);
    return query_run(&q, NULL, err);
}

enum rc login_purge(struct writer *writer, int64_t idle_before,
                    int64_t started_before, struct err *err)
{
    struct query q = query_write(writer, &account_family, LOGIN_PURGE);

    bind_int(&q, 1, idle_before);
    bind_int(&q, 2, started_before);
    return query_run(&q, NULL, err);
}

enum rc try_insert(struct writer *writer, int64_t now, const char *email_key,
                   const char *prefix, int64_t *id, struct err *err)
{
    struct query q = query_write(writer, &account_family, TRY_INSERT);

    bind_text(&q, 1, email_key);
    bind_text(&q, 2, prefix);
    bind_int(&q, 3, now);
    return query_insert(&q, id, err);
}

enum rc try_count(struct reader *reader, const char *email_key,
                  const char *prefix, int64_t since, struct tries *out,
                  struct err *err)
{
    struct query q = query_read(reader, &account_family, TRY_COUNT);

    bind_text(&q, 1, email_key);
    bind_text(&q, 2, prefix);
    bind_int(&q, 3, since);
    *out = (struct tries){ 0 };
    if (query_next(&q)) {
        out->by_prefix = column_int(&q, 0);
        out->account_and_prefix = column_int(&q, 1);
        out->oldest_by_prefix = column_int(&q, 2);
        out->oldest_account_and_prefix = column_int(&q, 3);
    }
    return query_end(&q, err);
}

enum rc try_forgive(struct writer *writer, int64_t id, struct err *err)
{
    struct query q = query_write(writer, &account_family, TRY_FORGIVE);

    bind_int(&q, 1, id);
    return query_run(&q, NULL, err);
}

enum rc try_purge(struct writer *writer, int64_t before, struct err *err)
{
    struct query q = query_write(writer, &account_family, TRY_PURGE);

    bind_int(&q, 1, before);
    return query_run(&q, NULL, err);
}

static enum rc insert_line(struct writer *writer, int64_t now,
                           const struct audit *audit, int64_t *id,
                           struct err *err)
{
    struct query q = query_write(writer, &account_family, AUDIT_INSERT);

    bind_int(&q, 1, now);
    bind_int(&q, 2, audit->actor);
    bind_text(&q, 3, audit->deed);
    bind_ref(&q, 4, audit->alliance_id);
    bind_ref(&q, 5, audit->meeting_id);
    bind_ref(&q, 6, audit->registration_id);
    bind_int(&q, 7, audit->amount);
    enum rc rc = query_insert(&q, id, err);
    if (rc != RC_OK || !audit->reason)
        return rc;
    q = query_write(writer, &account_family, AUDIT_REASON);
    bind_int(&q, 1, *id);
    bind_text(&q, 2, audit->reason);
    return query_run(&q, NULL, err);
}

enum rc audit_insert(struct writer *writer, int64_t now,
                     const struct audit *audit, struct err *err)
{
    int64_t id;

    return insert_line(writer, now, audit, &id, err);
}

enum rc audit_insert_changes(struct writer *writer, int64_t now,
                             const struct audit *audit, int64_t person_id,
                             const struct audit_change *changes,
                             size_t count, struct err *err)
{
    int64_t id = 0;
    enum rc rc = insert_line(writer, now, audit, &id, err);

    for (size_t i = 0; i < count && rc == RC_OK; i++) {
        struct query q = query_write(writer, &account_family, AUDIT_VALUE);

        bind_int(&q, 1, id);
        bind_int(&q, 2, person_id);
        bind_text(&q, 3, changes[i].field);
        bind_text(&q, 4, changes[i].was);
        bind_text(&q, 5, changes[i].became);
        rc = query_run(&q, NULL, err);
    }
    return rc;
}
