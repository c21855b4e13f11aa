/* meeting add|edit|list|show|publish|session|cancel|copy */
#ifndef CONVENED_COMMANDS_MEETING_COMMANDS_H
#define CONVENED_COMMANDS_MEETING_COMMANDS_H

#include "daemon/command.h"
#include "daemon/model/meeting.h"

extern const struct command_option meeting_options[];
extern const struct command_option meeting_list_options[];
extern const struct command_option meeting_show_options[];
extern const struct command_option meeting_session_options[];
extern const struct command_option meeting_cancel_options[];
extern const struct command_option meeting_copy_options[];

enum exit_code meeting_add(struct call *);
enum exit_code meeting_edit(struct call *);
enum exit_code meeting_publish(struct call *);
enum exit_code meeting_session(struct call *);
enum exit_code meeting_list_all(struct call *);
enum exit_code meeting_print(struct call *);
enum exit_code meeting_cancel(struct call *);
enum exit_code meeting_copy(struct call *);

/* The end of a command that changed it: an audit row and, with --json, the
 * meeting as it is now. */
enum exit_code meeting_changed(struct call *, const char *deed,
                               const struct meeting *);
/* As it stands in the database now; without --json nothing. */
enum exit_code meeting_print_if_json(struct call *, const struct meeting *);
/* Is that address free for a meeting? Says so if not. */
enum exit_code meeting_check_free(struct call *, const char *alliance,
                                  const char *slug);

#endif
