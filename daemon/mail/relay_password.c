#include "daemon/mail/relay_password.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/files.h"

#define PASSWORD_MOST 4096

/* systemd guards the folder of credentials itself, and may show a group's
 * right that is an ACL for us: only our own file is checked for its mode. */
enum rc relay_password(struct arena *arena, const struct settings *settings,
                       char **password, struct err *err)
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    const char *own = settings->mail_password_file;
    enum rc rc;

    *password = NULL;
    if (!*settings->mail_relay || !*settings->mail_user)
        return RC_OK;
    if (own && *own) {
        rc = file_read_secret(arena, own, password, err);
    } else if (folder) {
        size_t length;

        rc = file_read(arena,
                       arena_printf(arena, "%s/smtp-password", folder),
                       PASSWORD_MOST, password, &length, err);
        if (rc == RC_OK)
            (*password)[strcspn(*password, "\r\n")] = '\0';
    } else {
        rc = RC_NOT_FOUND;
    }
    if (rc == RC_NOT_FOUND)
        return err_set(err, "mail.user is set, but there is no password: "
                            "neither mail.password-file nor a credential "
                            "smtp-password");
    return rc;
}
