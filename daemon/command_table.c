/* THE table of admin commands. */
#include "daemon/command.h"
#include "daemon/commands/account_commands.h"
#include "daemon/commands/alliance_commands.h"
#include "daemon/commands/attendee_commands.h"
#include "daemon/commands/attendee_take.h"
#include "daemon/commands/backup_commands.h"
#include "daemon/commands/doctor.h"
#include "daemon/commands/erase_commands.h"
#include "daemon/commands/feedback_commands.h"
#include "daemon/commands/mail_commands.h"
#include "daemon/commands/meeting_commands.h"
#include "daemon/commands/question_commands.h"
#include "daemon/commands/restore_commands.h"
#include "daemon/commands/state_commands.h"
#include "daemon/commands/support_commands.h"

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
      1, .writes = true, .options = meeting_show_options,
      .run = meeting_publish },
    { "meeting", "cancel", "ALLIANCE/MEETING",
      "Calls it off and tells everybody who is registered.", 1, 1,
      .writes = true, .options = meeting_cancel_options,
      .run = meeting_cancel },
    { "meeting", "copy", "ALLIANCE/MEETING ALLIANCE/SLUG",
      "A draft like it on another day; nobody is registered.", 2, 2,
      .writes = true, .options = meeting_copy_options,
      .run = meeting_copy },
    { "meeting", "session", "ALLIANCE/MEETING",
      "Adds an item to its agenda.", 1, 1, .writes = true,
      .options = meeting_session_options, .run = meeting_session },

    { "question", "add", "ALLIANCE/MEETING", "Asks something more.", 1, 1,
      .writes = true, .options = question_add_options,
      .run = question_add },
    { "question", "edit", "ALLIANCE/MEETING NUMBER",
      "Changes what is given, keeps the rest.", 2, 2, .writes = true,
      .options = question_edit_options, .run = question_edit },
    { "question", "list", "ALLIANCE/MEETING",
      "What it asks, and how often each option was chosen.", 1, 1,
      .options = question_list_options, .run = question_list_all },
    { "question", "remove", "ALLIANCE/MEETING NUMBER",
      "Asks it no more, and deletes the answers.", 2, 2, .writes = true,
      .options = question_remove_options, .run = question_remove },

    { "account", "add", "EMAIL", "Somebody who may sign in at the desk.", 1,
      1, .writes = true, .reads_input = true,
      .options = account_add_options, .run = account_add },
    { "account", "list", "", "All accounts.", 0, 0,
      .options = account_list_options, .run = account_list_all },
    { "account", "passwd", "EMAIL", "A new password; ends all its logins.",
      1, 1, .writes = true, .reads_input = true,
      .options = account_passwd_options, .run = account_passwd },

    { "attendees", "list", "ALLIANCE/MEETING", "Who comes.", 1, 1,
      .writes = true, .options = attendees_list_options,
      .run = attendee_take_note, .run_here = attendees_list_here,
      .run_aside = attendees_list_aside },
    { "attendees", "add", "ALLIANCE/MEETING", "Registers somebody.", 1, 1,
      .writes = true, .options = attendees_add_options,
      .run = attendees_add },
    { "attendees", "export", "ALLIANCE/MEETING",
      "Their list as a file: CSV, JSON or XLSX.", 1, 1, .writes = true,
      .options = attendees_export_options, .run = attendee_take_note,
      .run_here = attendees_export_here,
      .run_aside = attendees_export_aside },
    { "attendees", "approve", "ALLIANCE/MEETING [REFERENCE...]",
      "Says yes to people who await approval.", 1, COMMAND_ARGUMENTS,
      .writes = true, .options = attendees_approve_options,
      .run = attendees_approve },
    { "attendees", "decline", "ALLIANCE/MEETING [REFERENCE...]",
      "Says no to people who await approval.", 1, COMMAND_ARGUMENTS,
      .writes = true, .options = attendees_decline_options,
      .run = attendees_decline },
    { "attendees", "reconsider", "ALLIANCE/MEETING REFERENCE...",
      "Takes a decline back, within 24 hours.", 2, COMMAND_ARGUMENTS,
      .writes = true, .options = attendees_reconsider_options,
      .run = attendees_reconsider },
    { "attendees", "support", "ALLIANCE/MEETING",
      "What they need to take part well; asks for a reason.", 1, 1,
      .writes = true, .options = attendees_support_options,
      .run = attendees_support },

    { "mail", "queue", "", "Letters and what became of them.", 0, 0,
      .options = mail_queue_options, .run = mail_queue },
    { "mail", "retry", "[ID]", "Tries letters that wait again now.", 0, 1,
      .writes = true, .options = mail_retry_options, .run = mail_retry },
    { "mail", "show", "ID", "One letter, and what it says if it still waits.",
      1, 1, .options = mail_show_options, .run = mail_show },

    { "feedback", "list", "", "Reported barriers that wait for an answer.",
      0, 0, .options = feedback_list_options, .run = feedback_list_all },
    { "feedback", "answered", "ID", "Notes that a report was answered.", 1,
      1, .writes = true, .options = feedback_answered_options,
      .run = feedback_answered },

    { "erase", "", "[ALLIANCE/MEETING] [REFERENCE]",
      "Deletes what is held about somebody.", 0, 2, .writes = true,
      .options = erase_options, .run = erase_run, .run_here = erase_here },

    { "notice", "list", "", "Versions of what people were shown about their "
      "data.", 0, 0, .options = notice_options, .run = notice_list_all },
    { "notice", "show", "VERSION", "The words of one.", 1, 1,
      .options = notice_options, .run = notice_print },

    { "backup", "", "DIR", "A checked copy, while the server runs.", 1, 1,
      .writes = true, .options = backup_options, .run = backup_note,
      .run_here = backup_here, .run_aside = backup_aside },
    { "restore", "", "DIR", "A backup becomes the state again.", 1, 1,
      .options = restore_options, .run_here = restore_here },
    { "migrate", "", "", "Brings the database up to date.", 0, 0,
      .options = migrate_options, .run_here = migrate_here },
    { "doctor", "", "", "Finds what is wrong, and says what to do.", 0, 0,
      .options = doctor_options, .run_here = doctor_here },
};
const size_t command_count = sizeof command_table / sizeof *command_table;

const struct command_option command_no_options[] = {
    { NULL, NULL, NULL, false },
};

static const struct command_option serve_options[] = {
    { "no-courier", NULL, "start no mail process; it has a unit of its own",
      false },
    { NULL, NULL, NULL, false },
};
static const struct command_option demo_options[] = {
    { "dir", "DIR", "everything lies there (./convened-demo)", false },
    { "listen", "HOST:PORT", "where to listen (127.0.0.1:8080)", false },
    { "relay", "URL", "send letters there, smtp://HOST:PORT; without it each "
      "becomes a file", false },
    { NULL, NULL, NULL, false },
};
static const struct command_option config_show_options[] = {
    { "origin", NULL, "with file and line of each", false },
    { "json", NULL, "as JSON; bytes and seconds as numbers", false },
    { NULL, NULL, NULL, false },
};

const struct command process_table[] = {
    { "serve", "", "", "The server and its mail process.", 0, 0,
      .options = serve_options },
    { "courier", "", "", "The mail process on its own.", 0, 0,
      .options = command_no_options },
    { "demo", "", "", "A ready-made site, for a first look.", 0, 0,
      .options = demo_options },
    { "config", "check", "", "All that is wrong with the file and the "
      "machine, at once.", 0, 0, .options = command_no_options },
    { "config", "show", "", "The values in force.", 0, 0,
      .options = config_show_options },
    { "config", "sample", "", "A file with every key and what it means.", 0,
      0, .options = command_no_options },
};
const size_t process_count = sizeof process_table / sizeof *process_table;
