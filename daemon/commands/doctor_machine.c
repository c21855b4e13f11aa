/* What is around the server: the relay, the way in from outside, limits,
 * the clock. */
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/timex.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "daemon/commands/doctor.h"
#include "daemon/descriptors.h"
#include "daemon/mail/probe.h"

#define SECONDS 5 /* of patience with others */
#define LIMITS_MOST 16384
#define SKEW_MOST 60

void doctor_relay(struct doctor *doctor)
{
    const struct settings *settings = doctor->settings;
    struct err err;

    if (!*settings->mail_relay)
        doctor_say(doctor, settings->demo ? VERDICT_OK : VERDICT_WARN,
                   settings->demo ? NULL : "set mail.relay", "none: letters "
                   "become files in %s", settings->mail_spool);
    else if (probe_relay(settings, SECONDS, &err) == RC_OK)
        doctor_say(doctor, VERDICT_OK, NULL, "%s answers%s",
                   settings->mail_relay,
                   settings->mail_tls == MAIL_TLS_REQUIRED ? ", with TLS"
                                                           : "");
    else
        doctor_say(doctor, VERDICT_FAIL, "letters wait until it does",
                   "%s: %s", settings->mail_relay, err.text);
}

/* --- the way in -------------------------------------------------------- */

#define HEALTH "/-/healthz"

static void check_place(struct doctor *doctor, const char *place)
{
    struct arena *arena = doctor->call->arena;
    struct probe_answer answer;
    struct err err;
    const char *url = arena_printf(arena, "http://%s" HEALTH,
                                   doctor->settings->base_host);

    if (probe_site(arena, url, place, SECONDS, &answer, &err) != RC_OK)
        doctor_say(doctor, VERDICT_FAIL, "does site.listen say where the "
                   "server really listens?", "%s: %s", place, err.text);
    else if (answer.status != 200)
        doctor_say(doctor, VERDICT_FAIL, "is that another program?",
                   "%s answers with %ld", place, answer.status);
    else
        doctor_say(doctor, VERDICT_OK, NULL, "%s answers as %s", place,
                   doctor->settings->base_host);
}

/* What a visitor would meet, and which line of the proxy is to blame. */
static const char *blame(const struct probe_answer *answer,
                         const char *base_url)
{
    if (answer->status == 421)
        return "the proxy hands on another host: proxy_set_header Host "
               "$host";
    if (answer->status == 301 &&
        !strncmp(answer->location, base_url, strlen(base_url)))
        return "the proxy says that the visitor came by http: "
               "proxy_set_header X-Forwarded-Proto $scheme";
    if (answer->status >= 502 && answer->status <= 504)
        return "the proxy does not reach the server: is its address that "
               "of site.listen?";
    return "somebody else answers there: does the name lead to this "
           "machine?";
}

static void check_base(struct doctor *doctor)
{
    const char *base = doctor->settings->base_url;
    struct arena *arena = doctor->call->arena;
    struct probe_answer answer;
    struct err err;

    if (probe_site(arena, arena_printf(arena, "%s" HEALTH, base), NULL,
                   SECONDS, &answer, &err) != RC_OK)
        doctor_say(doctor, VERDICT_WARN, "seen from this machine; is "
                   "site.base-url what visitors type?", "%s: %s", base,
                   err.text);
    else if (answer.status != 200)
        doctor_say(doctor, VERDICT_FAIL, blame(&answer, base),
                   "%s answers with %ld", base, answer.status);
    else
        doctor_say(doctor, VERDICT_OK, NULL, "%s answers", base);
}

void doctor_site(struct doctor *doctor)
{
    const struct words *listen = &doctor->settings->listen;

    if (!doctor->served) {
        doctor_say(doctor, VERDICT_OK, NULL, "not asked: no server runs");
        return;
    }
    for (size_t i = 0; i < listen->count; i++)
        check_place(doctor, listen->items[i]);
    check_base(doctor);
}

/* --- limits ------------------------------------------------------------ */

/* What /proc says of the running server; -1: nothing. */
static int64_t limit_of(struct arena *arena, pid_t process)
{
    static const char label[] = "Max open files";
    char *text = arena_alloc(arena, LIMITS_MOST), soft[24];
    FILE *file = fopen(arena_printf(arena, "/proc/%lld/limits",
                                    (long long)process), "re");
    int64_t limit;

    if (!file)
        return -1;
    text[fread(text, 1, LIMITS_MOST - 1, file)] = '\0';
    fclose(file);
    const char *line = strstr(text, label);
    if (!line || sscanf(line + sizeof label - 1, "%23s", soft) != 1 ||
        !parse_int(soft, 0, INT64_MAX, &limit))
        return -1;
    return limit;
}

void doctor_limits(struct doctor *doctor)
{
    const struct settings *settings = doctor->settings;
    int64_t needed = descriptors_needed(settings->connections,
                                        settings->workers);
    struct rlimit own = { .rlim_max = 0 };
    int64_t limit = doctor->server ? limit_of(doctor->call->arena,
                                              doctor->server) : -1;
    const char *whose = "the server";

    if (limit < 0) {
        (void)getrlimit(RLIMIT_NOFILE, &own);
        limit = own.rlim_max > INT64_MAX ? INT64_MAX : (int64_t)own.rlim_max;
        whose = "a program started here";
    }
    if (limit < needed)
        doctor_say(doctor, VERDICT_WARN, arena_printf(
                       doctor->call->arena, "LimitNOFILE=%lld in the unit, "
                       "or a smaller limits.connections",
                       (long long)needed),
                   "%s may open %lld files, %lld connections need %lld",
                   whose, (long long)limit,
                   (long long)settings->connections, (long long)needed);
    else
        doctor_say(doctor, VERDICT_OK, NULL, "room for %lld connections",
                   (long long)settings->connections);
}

void doctor_clock(struct doctor *doctor)
{
    struct timex kernel = { 0 };
    int64_t ahead = doctor->known ? doctor->found.newest - doctor->now : 0;

    if (ahead > SKEW_MOST)
        doctor_say(doctor, VERDICT_FAIL, "set it: deadlines depend on it",
                   "is %lld seconds behind the newest registration",
                   (long long)ahead);
    else if (adjtimex(&kernel) == TIME_ERROR)
        doctor_say(doctor, VERDICT_WARN, "timedatectl set-ntp true",
                   "is not kept by a time service, says the kernel");
    else
        doctor_say(doctor, VERDICT_OK, NULL, "is kept by a time service");
}

void doctor_units(struct doctor *doctor)
{
    static const char *const folders[] = {
        "/etc/systemd/system", "/run/systemd/system",
        "/usr/local/lib/systemd/system", "/usr/lib/systemd/system",
        "/lib/systemd/system",
    };

    if (access("/run/systemd/system", F_OK)) {
        doctor_say(doctor, VERDICT_OK, NULL, "systemd does not run here");
        return;
    }
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        const char *path = arena_printf(doctor->call->arena,
                                        "%s/convened.service", folders[i]);
        if (!access(path, F_OK)) {
            doctor_say(doctor, VERDICT_OK, NULL, "%s", path);
            return;
        }
    }
    doctor_say(doctor, VERDICT_WARN, "the folder systemd/ of the source has "
               "them", "convened.service is not installed");
}
