/* question add|edit|list|remove */
#ifndef CONVENED_COMMANDS_QUESTION_COMMANDS_H
#define CONVENED_COMMANDS_QUESTION_COMMANDS_H

#include "daemon/command.h"
#include "daemon/model/question.h"

extern const struct command_option question_add_options[];
extern const struct command_option question_edit_options[];
extern const struct command_option question_list_options[];
extern const struct command_option question_remove_options[];

enum exit_code question_add(struct call *);
enum exit_code question_edit(struct call *);
enum exit_code question_list_all(struct call *);
enum exit_code question_remove(struct call *);

/* The end of a command that changed one: an audit row and, with --json, the
 * question as it is now; NULL: it is gone. */
enum exit_code question_changed(struct call *, const char *deed,
                                const struct meeting *,
                                const struct question *);

/* All questions of a meeting once more for another, conditions included;
 * nobody has answered there. */
MUST_USE enum rc question_copy_all(struct call *, int64_t from, int64_t to,
                                   struct err *);

/* What --option and --drop-option say, on a question whose options are in the
 * arena; mistakes are said and counted. Nothing is written. */
void question_read_options(struct call *, struct question *);
/* What --if, --if-mode and --always say, of the questions before it. */
void question_read_condition(struct call *, const struct questions *,
                             struct question *);

#endif
