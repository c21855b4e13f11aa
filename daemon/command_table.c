/* THE table of admin commands. */
#include "daemon/command.h"
#include "daemon/commands/account_commands.h"
#include "daemon/commands/alliance_commands.h"
#include "daemon/commands/attendee_commands.h"
#include "daemon/commands/mail_commands.h"
#include "daemon/commands/meeting_commands.h"
#include "daemon/commands/state_commands.h"

const struct command command_table[] = {
    { "alliance", "add", "SLUG", "A new alliance, or a region of one.", 1, 1,
      .writes = true, .options = alliance_options, .run = alliance_add },
    { "alliance", "edit", "SLUG", "Changes what is given, keeps the rest.",
      1, 1, .writes = true, .options = alliance_options,
      .run = alliance_edit },
    { "alliance", "list", "", "All of them, regions below their parents.", 0,
      0, .options = alliance_list_options, .run = alliance_list_all },
    { "alliance", "show", "SLUG", "Everything about one.", 1, 1,
      .options = alliance_list_options, .run = alliance_print },

    { "meeting", "add", "ALLIANCE/SLUG", "A new meeting, as a draft.", 1, 1,
      .writes = true, .options = meeting_options, .run = meeting_add },
    { "meeting", "edit", "ALLIANCE/MEETING",
      "Changes what is given, keeps the rest.", 1, 1, .writes = true,
      .options = meeting_options, .run = meeting_edit },
    { "meeting", "list", "[ALLIANCE]", "Meetings and their seats.", 0, 1,
      .options = meeting_list_options, .run = meeting_list_all },
    { "meeting", "show", "ALLIANCE/MEETING", "Everything about one.", 1, 1,
      .options = meeting_show_options, .run = meeting_print },
    { "meeting", "publish", "ALLIANCE/MEETING", "Shows it to the world.", 1,
      1, .writes = true, .options = command_no_options,
      .run = meeting_publish },
    { "meeting", "session", "ALLIANCE/MEETING",
      "Adds an item to its agenda.", 1, 1, .writes = true,
      .options = meeting_session_options, .run = meeting_session },

    { "account", "add", "EMAIL", "Somebody who may sign in at the desk.", 1,
      1, .writes = true, .reads_input = true,
      .options = account_add_options, .run = account_add },
    { "account", "list", "", "All accounts.", 0, 0,
      .options = account_list_options, .run = account_list_all },
    { "account", "passwd", "EMAIL", "A new password; ends all its logins.",
      1, 1, .writes = true, .reads_input = true,
      .options = account_passwd_options, .run = account_passwd },

    { "attendees", "list", "ALLIANCE/MEETING", "Who comes.", 1, 1,
      .options = attendees_list_options, .run = attendees_list },

    { "mail", "queue", "", "Letters and what became of them.", 0, 0,
      .options = mail_queue_options, .run = mail_queue },
    { "mail", "retry", "[ID]", "Tries letters that wait again now.", 0, 1,
      .writes = true, .options = mail_retry_options, .run = mail_retry },

    { "migrate", "", "", "Brings the database up to date.", 0, 0,
      .options = migrate_options, .run_here = migrate_here },
};
const size_t command_count = sizeof command_table / sizeof *command_table;

const struct command_option command_no_options[] = {
    { NULL, NULL, NULL, false },
};
