/* attendees list|add|export|approve|decline|reconsider */
#ifndef CONVENED_COMMANDS_ATTENDEE_COMMANDS_H
#define CONVENED_COMMANDS_ATTENDEE_COMMANDS_H

#include "daemon/command.h"
#include "daemon/model/registration.h"

#include "web/view/json.h"

extern const struct command_option attendees_list_options[];
extern const struct command_option attendees_add_options[];
extern const struct command_option attendees_export_options[];
extern const struct command_option attendees_approve_options[];
extern const struct command_option attendees_decline_options[];
extern const struct command_option attendees_reconsider_options[];

enum exit_code attendees_add(struct call *);
enum exit_code attendees_approve(struct call *);
enum exit_code attendees_decline(struct call *);
enum exit_code attendees_reconsider(struct call *);
enum exit_code attendees_list_here(struct call *);
enum exit_code attendees_list_aside(struct call *);
enum exit_code attendees_export_here(struct call *);
enum exit_code attendees_export_aside(struct call *);

/* One person as every command shows them; times on that zone's walls. */
json_t *attendee_record(struct call *, const char *zone,
                        const struct benches *, const struct queue_places *,
                        const struct registration *);

#endif
