/* What follows from several values together. */
#include "daemon/config_table.h"

#include <assert.h>
#include <string.h>

#include "daemon/base/arena.h"

#define VALUE_MOST 8192

static void derive_site(struct arena *arena, struct settings *settings,
                        void (*fault)(void *, const char *, const char *),
                        void *context)
{
    struct config_url url;

    if (!settings->base_url ||
        !config_url_parse(arena, settings->base_url, &url))
        return; /* its value was found at fault already */
    settings->secure = !strcmp(url.scheme, "https");
    settings->base_host = arena_strdup(
        arena, strstr(settings->base_url, "://") + 3);
    if (!settings->secure && !config_host_is_loopback(url.host))
        fault(context, "site.base-url",
              "http only works on the machine itself (localhost); write "
              "https, and let a reverse proxy hold the certificate");
    if (settings->mail_domain && !*settings->mail_domain)
        settings->mail_domain = *url.host == '['
                                    ? arena_strdup(arena, "localhost")
                                    : url.host;
}

static void derive_mail(struct arena *arena, struct settings *settings,
                        void (*fault)(void *, const char *, const char *),
                        void *context)
{
    struct config_url relay;

    if (settings->mail_spool && !*settings->mail_spool &&
        settings->state_dir)
        settings->mail_spool = arena_printf(arena, "%s/mail",
                                            settings->state_dir);
    if (settings->mail_retry_min > settings->mail_retry_max)
        fault(context, "mail.retry-min", "is longer than mail.retry-max");
    if (!settings->mail_relay || !*settings->mail_relay)
        return;
    if (settings->mail_tls == MAIL_TLS_NONE &&
        config_url_parse(arena, settings->mail_relay, &relay) &&
        !config_host_is_loopback(relay.host))
        fault(context, "mail.tls",
              "none is only for a relay on this machine: letters would "
              "cross the network in clear");
}

static void derive_statement(struct settings *settings,
                             void (*fault)(void *, const char *,
                                           const char *), void *context)
{
    if (settings->statement_reviewed == 0)
        settings->statement_reviewed = settings->statement_prepared;
    if (settings->statement_reviewed < settings->statement_prepared)
        fault(context, "accessibility.reviewed",
              "is before accessibility.prepared");
    if (settings->statement_status == STATEMENT_UNSTATED)
        return;
    if (settings->statement_body_de && !*settings->statement_body_de)
        fault(context, "accessibility.body-de",
              "may not be empty if accessibility.status is given");
    if (settings->statement_prepared == 0)
        fault(context, "accessibility.prepared",
              "may not be empty if accessibility.status is given");
}

void config_derive(struct arena *arena, struct settings *settings,
                   void (*fault)(void *, const char *, const char *),
                   void *context)
{
    derive_site(arena, settings, fault, context);
    derive_mail(arena, settings, fault, context);
    derive_statement(settings, fault, context);
    if (settings->login_idle > settings->login_most)
        fault(context, "desk.login-idle", "is longer than desk.login-most");
    if (settings->steps_per_hour > settings->steps_per_day)
        fault(context, "limits.steps-per-hour",
              "is more than limits.steps-per-day");
}

void config_keep_fixed(struct arena *arena, const struct settings *old,
                       struct settings *settings, struct str *kept)
{
    struct str was, wanted, why;

    str_init(&was, arena, VALUE_MOST);
    str_init(&wanted, arena, VALUE_MOST);
    str_init(&why, arena, VALUE_MOST);
    for (const struct config_option *o = config_table; o->key; o++) {
        if (!o->fixed)
            continue;
        str_clear(&was);
        str_clear(&wanted);
        config_value_print(o, old, &was);
        config_value_print(o, settings, &wanted);
        if (strcmp(was.data, wanted.data) == 0)
            continue;
        str_addf(kept, "%s: stays %s until a restart\n", o->key, was.data);
        /* What was read once can be read again. */
        bool fine = config_value_read(arena, o, "", was.data, settings, &why);
        assert(fine);
    }
}
