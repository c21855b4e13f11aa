/* meeting add|edit|list|show|publish|session|cancel|copy */
#ifndef CONVENED_COMMANDS_MEETING_COMMANDS_H
#define CONVENED_COMMANDS_MEETING_COMMANDS_H

#include "daemon/command.h"
#include "daemon/model/meeting.h"
#include "web/view/json.h"

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

/* What may happen to a registration: the options of add and edit about it,
 * the lines of show, and what a change means for those who are in. */
#define MEETING_TERMS_OPTIONS                                               \
    { "waiting", "yes|no", "keeps a waiting list (yes)", false },           \
    { "claim-term", "DURATION", "a freed seat is offered for so long (0: "  \
      "given at once)", false },                                            \
    { "confirm-term", "DURATION", "to confirm an address (no; yes: 48 h)",  \
      false },                                                              \
    { "approval", "none|holds|free", "somebody says yes to each; a seat is " \
      "held meanwhile, or not (none)", false },                             \
    { "changes-until", "TIME", "people change their own data (its start)",  \
      false },                                                              \
    { "party", "N", "people in one form (5)", false },                      \
    { "handing-over", "yes|no", "a seat may be handed to somebody (yes)",   \
      false },                                                              \
    { "keep-support-days", "N", "support needs after the end (14)", false }
void meeting_read_terms(struct call *, struct meeting *);
void meeting_show_terms(const struct call *, const struct meeting *,
                        json_t *record);
struct registration_numbers;
void meeting_say_terms(struct call *, const struct meeting *before,
                       const struct meeting *now,
                       const struct registration_numbers *);

/* The end of a command that changed it: an audit row and, with --json, the
 * meeting as it is now. */
enum exit_code meeting_changed(struct call *, const char *deed,
                               const struct meeting *);
/* As it stands in the database now; without --json nothing. */
enum exit_code meeting_print_if_json(struct call *, const struct meeting *);
/* Everybody for whom there is room now that the meeting, or a rule of its
 * queues, is not what it was. */
MUST_USE enum rc meeting_move_up(struct call *, const struct meeting *,
                                 struct err *);
/* Is that address free for a meeting? Says so if not. */
enum exit_code meeting_check_free(struct call *, const char *alliance,
                                  const char *slug);

#endif
