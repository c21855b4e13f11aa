#include "daemon/commands/doctor.h"

#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/asking.h"
#include "daemon/base/arena.h"
#include "daemon/base/clock.h"
#include "daemon/commands/table.h"
#include "daemon/config.h"

#define FAULTS_MOST (64 * 1024)

const struct command_option doctor_options[] = {
    { "full", NULL, "every index of the database, too; takes longer",
      false },
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

static const struct {
    const char *name;
    void (*run)(struct doctor *);
} checks[] = {
    { "config", doctor_config },     { "server", doctor_server },
    { "files", doctor_files },       { "leftovers", doctor_leftovers },
    { "space", doctor_space },       { "database", doctor_database },
    { "key", doctor_key },           { "backup", doctor_backup },
    { "letters", doctor_letters },   { "relay", doctor_relay },
    { "site", doctor_site },         { "limits", doctor_limits },
    { "clock", doctor_clock },       { "units", doctor_units },
};
#define CHECKS (sizeof checks / sizeof *checks)

static const char *const verdict_words[] = {
    [VERDICT_OK] = "ok", [VERDICT_WARN] = "warn", [VERDICT_FAIL] = "fail",
};

void doctor_say(struct doctor *doctor, enum verdict verdict,
                const char *advice, const char *format, ...)
{
    va_list values;

    va_start(values, format);
    const char *words = arena_vprintf(doctor->call->arena, format, values);
    va_end(values);
    if (verdict > doctor->worst)
        doctor->worst = verdict;
    json_array_append_new(doctor->findings, json_pack(
        "{s:s, s:s, s:s, s:o}", "check", doctor->check, "verdict",
        verdict_words[verdict], "words", words, "advice",
        table_text(advice)));
}

static void say_lines(struct doctor *doctor, enum verdict verdict,
                      const char *line)
{
    while (*line) {
        size_t length = strcspn(line, "\n");
        doctor_say(doctor, verdict, NULL, "%.*s", (int)length, line);
        line += length + (line[length] == '\n');
    }
}

void doctor_config(struct doctor *doctor)
{
    struct str faults;

    str_init(&faults, doctor->call->arena, FAULTS_MOST);
    if (config_check_machine(doctor->settings, &faults) != RC_OK) {
        say_lines(doctor, VERDICT_FAIL, faults.data);
        return;
    }
    doctor_say(doctor, VERDICT_OK, NULL, "no faults");
    config_warnings(doctor->settings, doctor->now, &faults);
    say_lines(doctor, VERDICT_WARN, faults.data);
}

void doctor_server(struct doctor *doctor)
{
    struct ucred peer;
    socklen_t length = sizeof peer;
    int fd = asking_knock(doctor->call);

    if (fd >= 0) {
        doctor->served = true;
        if (!getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length))
            doctor->server = peer.pid;
        close(fd);
        doctor_say(doctor, VERDICT_OK, NULL, "runs, process %lld",
                   (long long)doctor->server);
    } else if (fd == ASKING_FORBIDDEN) {
        doctor->served = true;
        str_clear(&doctor->call->err);
        doctor_say(doctor, VERDICT_WARN, "run doctor as root, or as the "
                   "user of the server", "may not be asked by this user");
    } else {
        doctor_say(doctor, VERDICT_WARN, "systemctl start convened",
                   "does not run");
    }
}

static void print_finding(struct call *call, json_t *finding)
{
    const char *check, *verdict, *words, *advice;

    if (json_unpack(finding, "{s:s, s:s, s:s}", "check", &check, "verdict",
                    &verdict, "words", &words))
        return;
    advice = json_string_value(json_object_get(finding, "advice"));
    str_addf(&call->out, "%-4s  %-9s  %s", verdict, check, words);
    if (advice)
        str_addf(&call->out, "; %s", advice);
    str_add_char(&call->out, '\n');
}

static void print_findings(struct doctor *doctor)
{
    json_t *finding;
    size_t i;

    if (call_flag(doctor->call, "json")) {
        table_print(doctor->call, doctor->findings);
        return;
    }
    json_array_foreach(doctor->findings, i, finding)
        print_finding(doctor->call, finding);
    json_decref(doctor->findings);
}

enum exit_code doctor_here(struct call *call)
{
    struct doctor doctor = {
        .call = call, .settings = call->settings, .now = clock_now(),
        .findings = json_array(),
    };

    state_find(call->arena, call->settings, &doctor.state);
    for (size_t i = 0; i < CHECKS; i++) {
        doctor.check = checks[i].name;
        checks[i].run(&doctor);
    }
    print_findings(&doctor);
    return doctor.worst == VERDICT_FAIL ? EXIT_UNAVAILABLE : EXIT_FINE;
}
