#include "daemon/rules/signin.h"

#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/base/text.h"
#include "daemon/store/account_store.h"

/* By failures in the window, Dovecot's scale. */
static const int64_t delays[] = { 0, 2, 4, 8, 15 };
#define DELAYS ((int64_t)(sizeof delays / sizeof *delays))

static int64_t delay_after(int64_t failures)
{
    return delays[failures < DELAYS ? failures : DELAYS - 1];
}

static int64_t wait_until(int64_t oldest, int64_t now, int64_t window)
{
    int64_t wait = oldest + window - now;

    return wait < 1 ? 1 : wait > window ? window : wait;
}

/* Whether one more try fits in. A refused one is not recorded, so knocking
 * on does not keep the door shut: never a lock-out. */
static void judge(struct signin *out, const struct settings *settings,
                  const struct tries *tries, int64_t now)
{
    int64_t window = settings->login_tries_window;
    int64_t wait = 0;

    if (tries->account_and_prefix >= settings->login_tries_account)
        wait = wait_until(tries->oldest_account_and_prefix, now, window);
    if (tries->by_prefix >= settings->login_tries_address) {
        int64_t other = wait_until(tries->oldest_by_prefix, now, window);
        wait = other > wait ? other : wait;
    }
    out->admitted = wait == 0;
    out->retry_after = wait;
    out->delay = delay_after(tries->account_and_prefix);
}

enum rc signin_begin(struct writer *writer, struct arena *arena, int64_t now,
                     const struct settings *settings, const char *email,
                     const struct netaddr *client, bool exempt,
                     struct signin *out, struct err *err)
{
    struct reader *reader = writer_reader(writer);
    char room[NETADDR_TEXT];
    const char *prefix = netaddr_prefix_text(client, room);
    const char *key =
        address_key(arena, text_cut(arena, email, ADDRESS_MOST));
    struct tries tries;

    *out = (struct signin){ 0 };
    enum rc rc = try_count(reader, key, prefix,
                           now - settings->login_tries_window, &tries, err);
    if (rc != RC_OK)
        return rc;
    judge(out, settings, &tries, now);
    if (exempt) {
        out->admitted = true;
        out->retry_after = 0;
        out->delay = 0;
    }
    if (!out->admitted)
        return RC_OK;
    rc = try_insert(writer, now, key, prefix, &out->try_id, err);
    if (rc == RC_OK)
        rc = account_by_email(reader, arena, key, &out->account, err);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc signin_finish(struct writer *writer, struct arena *arena,
                      int64_t now, const struct signin *signin,
                      char **secret, struct err *err)
{
    struct audit audit = { .actor = signin->account.id, .deed = "sign-in",
                           .alliance_id = signin->account.alliance_id };
    int64_t login_id;

    *secret = random_secret(arena);
    enum rc rc = login_insert(writer, now, signin->account.id, *secret,
                              &login_id, err);
    if (rc == RC_OK)
        rc = try_forgive(writer, signin->try_id, err);
    return rc == RC_OK ? audit_insert(writer, now, &audit, err) : rc;
}
