/* convened doctor: what is wrong with this installation, and what to do about
 * it. Each check says one line, or several; it changes nothing. */
#ifndef CONVENED_COMMANDS_DOCTOR_H
#define CONVENED_COMMANDS_DOCTOR_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "daemon/command.h"
#include "daemon/state.h"
#include "daemon/store/inspect.h"
#include "web/view/json.h"

enum verdict { VERDICT_OK, VERDICT_WARN, VERDICT_FAIL };

struct doctor {
    struct call *call;
    const struct settings *settings;
    struct state state;
    int64_t now;
    bool served;  /* a server answers at control.sock */
    pid_t server; /* its process; 0: not known */
    bool known;   /* `found` is filled */
    struct inspection found;
    const char *check; /* the name of the present one */
    enum verdict worst;
    json_t *findings;
};

/* One line: what was found, and what to do (NULL: nothing). */
void doctor_say(struct doctor *, enum verdict, const char *advice,
                const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The checks, in their order. */
void doctor_config(struct doctor *);
void doctor_server(struct doctor *);
void doctor_files(struct doctor *);
void doctor_leftovers(struct doctor *);
void doctor_space(struct doctor *);
void doctor_database(struct doctor *);
void doctor_key(struct doctor *);
void doctor_backup(struct doctor *);
void doctor_letters(struct doctor *);
void doctor_relay(struct doctor *);
void doctor_site(struct doctor *);
void doctor_limits(struct doctor *);
void doctor_clock(struct doctor *);
void doctor_units(struct doctor *);

extern const struct command_option doctor_options[];
enum exit_code doctor_here(struct call *);

#endif
