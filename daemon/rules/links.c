#include "daemon/rules/links.h"

#include "daemon/base/address.h"
#include "daemon/rules/outbox.h"
#include "daemon/store/registration_store.h"

static enum rc write_letter(struct writer *writer, int64_t now,
                            const struct settings *settings,
                            const struct registration *r, const char *key,
                            bool *letters, struct err *err)
{
    enum letter_state state;
    enum rc rc = outbox_count_step(writer, now, settings, key, &state, err);

    *letters = rc == RC_OK && state == LETTER_QUEUED;
    return rc == RC_OK
        ? outbox_confirmation(writer, now, r, LETTER_LINKS, state, err) : rc;
}

/* The same work as for somebody who is registered, and undone: a letter about
 * anybody, to that mailbox. */
static enum rc rehearse(struct writer *writer, struct arena *arena,
                        int64_t now, const struct settings *settings,
                        const char *address, const char *key,
                        struct err *err)
{
    struct registration anybody;
    bool letters;
    enum rc rc = registration_any(writer_reader(writer), arena, &anybody,
                                  err);

    if (rc == RC_NOT_FOUND)
        return RC_OK; /* there is nobody to be told apart from */
    if (rc == RC_OK)
        rc = writer_rehearsal_begin(writer, err);
    if (rc != RC_OK)
        return rc;
    anybody.mailbox = address;
    rc = write_letter(writer, now, settings, &anybody, key, &letters, err);
    return rc == RC_OK ? writer_rehearsal_end(writer, err) : rc;
}

enum rc links_send(struct writer *writer, struct arena *arena, int64_t now,
                   const struct settings *settings, const char *address,
                   bool *letters, struct err *err)
{
    const char *key = address_key(arena, address);
    struct registrations all;
    enum rc rc = registration_of_mailbox(writer_reader(writer), arena, key,
                                         now, &all, err);

    *letters = false;
    if (rc != RC_OK)
        return rc;
    return all.count == 0
        ? rehearse(writer, arena, now, settings, address, key, err)
        : write_letter(writer, now, settings, &all.items[0], key, letters,
                       err);
}
