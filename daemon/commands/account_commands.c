#include "daemon/commands/account_commands.h"

#include <string.h>

#include "daemon/base/address.h"
#include "daemon/commands/table.h"
#include "daemon/commands/values.h"
#include "daemon/store/account_store.h"
#include "daemon/store/alliance_store.h"

const struct command_option account_add_options[] = {
    { "name", "TEXT", "the person's name", true },
    { "role", "owner|editor|door|numbers", "what they may do (owner)", false },
    { "alliance", "ALLIANCE", "and its regions (all of them)", false },
    { "generate", NULL, "make up a password instead of reading one", false },
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

const struct command_option account_passwd_options[] = {
    { "generate", NULL, "make up a password instead of reading one", false },
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

const struct command_option account_list_options[] = {
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

static const char *const role_words[] = {
    [ROLE_NONE] = "none", [ROLE_NUMBERS] = "numbers", [ROLE_DOOR] = "door",
    [ROLE_EDITOR] = "editor", [ROLE_OWNER] = "owner",
};

static void read_role(struct call *call, enum role *role)
{
    const char *value = call_option(call, "role");

    if (!value)
        return;
    for (int i = ROLE_NUMBERS; i <= ROLE_OWNER; i++)
        if (!strcmp(role_words[i], value)) {
            *role = (enum role)i;
            return;
        }
    call_mistake(call, "--role: \"%s\": owner, editor, door or numbers is "
                 "expected", value);
}

static enum exit_code read_alliance(struct call *call,
                                    struct account *account)
{
    const char *slug = call_option(call, "alliance");
    struct alliance alliance;

    if (!slug)
        return EXIT_FINE;
    enum exit_code code = value_alliance(call, slug, &alliance);
    if (code == EXIT_FINE)
        account->alliance_id = alliance.id;
    return code;
}

static json_t *alliance_slug(struct call *call, int64_t id)
{
    struct alliance alliance;
    struct err err;

    if (id == 0)
        return json_null();
    if (alliance_by_id(call->reader, call->arena, id, &alliance, &err))
        return json_null();
    return json_string(alliance.slug);
}

static json_t *account_row(struct call *call, const struct account *a)
{
    json_t *row = json_object();

    json_object_set_new(row, "email", table_text(a->email));
    json_object_set_new(row, "name", table_text(a->name));
    json_object_set_new(row, "role", json_string(role_words[a->role]));
    json_object_set_new(row, "alliance",
                        alliance_slug(call, a->alliance_id));
    json_object_set_new(row, "added",
                        table_time(call, "Europe/Berlin", a->created_at));
    return row;
}

static enum exit_code changed(struct call *call, const char *deed,
                              const struct account *account)
{
    if (call_flag(call, "json"))
        table_print_record(call, account_row(call, account));
    return value_audit(call, deed, account->alliance_id, 0);
}

/* What came with the call has to be a hash, made by the asking side. */
static void check_hash(struct call *call)
{
    if (!call->input || strncmp(call->input, "$argon2id$", 10) ||
        strlen(call->input) >= PASSWORD_HASH_BYTES)
        call_mistake(call, "the password did not arrive as a hash");
}

static enum exit_code check_free(struct call *call, const char *email)
{
    struct account found;
    struct err err;

    switch (account_by_email(call->reader, call->arena, email, &found,
                             &err)) {
    case RC_OK:
        call_mistake(call, "there is an account \"%s\" already", email);
        return EXIT_DATA;
    case RC_NOT_FOUND:
        return EXIT_FINE;
    case RC_FAIL:
        break;
    }
    return call_failed(call, &err);
}

enum exit_code account_add(struct call *call)
{
    struct account account = { .name = "", .role = ROLE_OWNER };
    struct err err;
    char *email = NULL;

    if (address_check(call->arena, call->arguments[0], &email) != ADDRESS_OK)
        call_mistake(call, "\"%s\" is not an e-mail address like "
                     "name@example.org", call->arguments[0]);
    value_line_needed(call, "name", 200, &account.name);
    read_role(call, &account.role);
    check_hash(call);
    enum exit_code code = read_alliance(call, &account);
    if (code == EXIT_UNAVAILABLE)
        return code;
    if (call->mistakes)
        return EXIT_DATA;
    code = check_free(call, email);
    if (code != EXIT_FINE)
        return code;
    account.email = email;
    account.password_hash = call->input;
    if (account_insert(call->writer, call->now, &account, &err))
        return call_failed(call, &err);
    table_say(call, "account %s added: %s", email,
              role_words[account.role]);
    return changed(call, "account-add", &account);
}

enum exit_code account_passwd(struct call *call)
{
    struct account account;
    struct err err;

    check_hash(call);
    if (call->mistakes)
        return EXIT_DATA;
    switch (account_by_email(call->reader, call->arena, call->arguments[0],
                             &account, &err)) {
    case RC_OK:
        break;
    case RC_NOT_FOUND:
        call_mistake(call, "there is no account \"%s\"; `convened account "
                     "list` shows them", call->arguments[0]);
        return EXIT_DATA;
    case RC_FAIL:
        return call_failed(call, &err);
    }
    if (account_set_password(call->writer, account.id, call->input, &err))
        return call_failed(call, &err);
    table_say(call, "password of %s changed; its logins have ended",
              account.email);
    return changed(call, "account-passwd", &account);
}

enum exit_code account_list_all(struct call *call)
{
    struct accounts accounts;
    struct err err;

    if (account_list(call->reader, call->arena, &accounts, &err))
        return call_failed(call, &err);
    json_t *rows = json_array();
    for (size_t i = 0; i < accounts.count; i++)
        json_array_append_new(rows, account_row(call, &accounts.items[i]));
    table_print(call, rows);
    return EXIT_FINE;
}
