#include "daemon/commands/alliance_commands.h"

#include <string.h>

#include "calendars/color.h"
#include "daemon/base/arena.h"
#include "daemon/base/text.h"
#include "daemon/commands/meeting_commands.h"
#include "daemon/commands/table.h"
#include "daemon/commands/values.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/writing.h"

#define NAME_MOST 200
#define BENCHES_MOST 50

const struct command_option alliance_options[] = {
    { "name-de", "TEXT", "its German name", false },
    { "name-en", "TEXT", "its English name", false },
    { "parent", "ALLIANCE", "it is a region of that alliance", false },
    { "about-de", "MARKDOWN", "German description", false },
    { "about-en", "MARKDOWN", "English description", false },
    { "mail-from", "ADDRESS", "sender of all its letters, for ever", false },
    { "contact-name", "TEXT", "a human, on pages and in letters", false },
    { "contact-email", "ADDRESS", "replies go there", false },
    { "contact-phone", "TEXT", "may be empty", false },
    { "color", "NAME", "of its calendars, a CSS name (seagreen)", false },
    { "lang", "de|en", "language of its feeds (de)", false },
    { "invite", "yes|no", "calendar invitation ticked at first (yes)", false },
    { "bench", "\"DE|EN;...\"", "groups to belong to; edit adds them", false },
    { "queue-passing", "yes|no", "a smaller party that fits may pass a "
      "larger one that waits (no)", false },
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

const struct command_option alliance_list_options[] = {
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

static void read_color(struct call *call, struct alliance *alliance)
{
    value_line(call, "color", 40, &alliance->color);
    if (call_option(call, "color") && !color_hex(alliance->color))
        call_mistake(call, "--color: \"%s\": the name of a CSS colour in "
                     "lower case is expected, like seagreen",
                     alliance->color);
}

static void read_fields(struct call *call, struct alliance *alliance)
{
    value_line_needed(call, "name-de", NAME_MOST, &alliance->name.de);
    value_line(call, "name-en", NAME_MOST, &alliance->name.en);
    value_lines(call, "about-de", &alliance->about.de);
    value_lines(call, "about-en", &alliance->about.en);
    value_address(call, "mail-from", &alliance->mail_from);
    value_line_needed(call, "contact-name", NAME_MOST,
                      &alliance->contact_name);
    value_address(call, "contact-email", &alliance->contact_email);
    value_line(call, "contact-phone", 50, &alliance->contact_phone);
    value_lang(call, "lang", &alliance->lang);
    value_bool(call, "invite", &alliance->invite_default);
    value_bool(call, "queue-passing", &alliance->queue_passing);
    read_color(call, alliance);
}

/* What has regions cannot become one. */
static enum exit_code check_regions(struct call *call,
                                    const struct alliance *alliance)
{
    struct alliances regions;
    struct err err;

    if (alliance_regions(call->reader, call->arena, alliance->id, &regions,
                         &err))
        return call_failed(call, &err);
    if (regions.count)
        call_mistake(call, "--parent: \"%s\" has regions of its own",
                     alliance->slug);
    return EXIT_FINE;
}

/* The parent, if one is named; a region has no regions of its own. */
static enum exit_code read_parent(struct call *call,
                                  struct alliance *alliance,
                                  struct alliance *parent)
{
    const char *slug = call_option(call, "parent");

    if (!slug)
        return EXIT_FINE;
    if (!*slug) {
        alliance->parent_id = 0;
        return EXIT_FINE;
    }
    enum exit_code code = value_alliance(call, slug, parent);
    if (code != EXIT_FINE)
        return code;
    if (parent->parent_id)
        call_mistake(call, "--parent: \"%s\" is a region itself", slug);
    if (parent->id == alliance->id)
        call_mistake(call, "--parent: an alliance is not its own region");
    alliance->parent_id = parent->id;
    return check_regions(call, alliance);
}

/* One "DE|EN"; without a bar there is no English name. */
static void read_bench(struct call *call, char *text, struct bench *bench)
{
    char *bar = strchr(text, '|');

    if (bar)
        *bar = '\0';
    bench->name.de = text_clean_line(call->arena, text);
    bench->name.en = bar ? text_clean_line(call->arena, bar + 1) : "";
    if (!*bench->name.de || text_characters(text) > NAME_MOST ||
        (bar && text_characters(bar + 1) > NAME_MOST))
        call_mistake(call, "--bench: \"Deutsch|English\" is expected, "
                     "several separated by ';'");
}

/* One that is there already is left alone, so that a list can be given again
 * with one more. */
static enum exit_code add_bench(struct call *call, struct bench *bench)
{
    struct benches known;
    struct err err;

    if (bench_list(call->reader, call->arena, bench->alliance_id, &known,
                   &err) == RC_FAIL)
        return call_failed(call, &err);
    for (size_t i = 0; i < known.count; i++)
        if (!strcmp(known.items[i].name.de, bench->name.de))
            return EXIT_FINE;
    if (bench_insert(call->writer, bench, &err))
        return call_failed(call, &err);
    return EXIT_FINE;
}

static enum exit_code add_benches(struct call *call, int64_t alliance_id)
{
    const char *value = call_option(call, "bench");

    if (!value)
        return EXIT_FINE;
    char *rest = arena_strdup(call->arena, value), *one;
    for (int n = 0; (one = strsep(&rest, ";")) != NULL; n++) {
        struct bench bench = { .alliance_id = alliance_id };
        if (n >= BENCHES_MOST) {
            call_mistake(call, "--bench: at most %d", BENCHES_MOST);
            return EXIT_DATA;
        }
        read_bench(call, one, &bench);
        if (call->mistakes)
            return EXIT_DATA;
        enum exit_code code = add_bench(call, &bench);
        if (code != EXIT_FINE)
            return code;
    }
    return EXIT_FINE;
}

/* What a region takes over from its parent unless it says otherwise. */
static void inherit(struct alliance *alliance, const struct alliance *parent)
{
    if (!alliance->mail_from)
        alliance->mail_from = parent->mail_from;
    if (!alliance->contact_name)
        alliance->contact_name = parent->contact_name;
    if (!alliance->contact_email)
        alliance->contact_email = parent->contact_email;
    if (!alliance->contact_phone)
        alliance->contact_phone = parent->contact_phone;
}

static void check_whole(struct call *call, const struct alliance *alliance)
{
    if (!alliance->name.de)
        call_mistake(call, "--name-de TEXT is missing: its German name");
    if (!alliance->mail_from)
        call_mistake(call, "--mail-from ADDRESS is missing: the sender of "
                     "its letters");
    if (!alliance->contact_name)
        call_mistake(call, "--contact-name TEXT is missing: a human whom "
                     "attendees can ask");
    if (!alliance->contact_email)
        call_mistake(call, "--contact-email ADDRESS is missing: replies go "
                     "there");
}

/* Refuses a name that is taken before the database does. */
static enum exit_code check_free(struct call *call, const char *slug)
{
    struct alliance found;
    struct err err;

    switch (alliance_by_slug(call->reader, call->arena, slug, &found,
                             &err)) {
    case RC_OK:
        call_mistake(call, "alliance \"%s\" exists already; see `convened "
                     "alliance edit`", slug);
        return EXIT_DATA;
    case RC_NOT_FOUND:
        return EXIT_FINE;
    case RC_FAIL:
        break;
    }
    return call_failed(call, &err);
}

/* One line for people, a list for programs. */
static enum exit_code set_benches(struct call *call, json_t *record,
                                  int64_t alliance_id)
{
    struct benches benches;
    struct str text;
    struct err err;

    if (bench_list(call->reader, call->arena, alliance_id, &benches, &err))
        return call_failed(call, &err);
    json_t *list = json_array();
    str_init(&text, call->arena, 65536);
    for (size_t i = 0; i < benches.count; i++) {
        const struct bilingual *name = &benches.items[i].name;
        str_addf(&text, "%s%s|%s", i ? ";" : "", name->de, name->en);
        json_array_append_new(list, json_pack("{s:o, s:o}", "name_de",
                                              table_text(name->de),
                                              "name_en",
                                              table_text(name->en)));
    }
    json_object_set_new(record, "bench", call_flag(call, "json")
                                             ? json_incref(list)
                                             : table_text(text.data));
    json_decref(list);
    return EXIT_FINE;
}

static enum exit_code print(struct call *call, const struct alliance *a)
{
    struct alliance parent = { 0 };
    struct err err;

    if (a->parent_id &&
        alliance_by_id(call->reader, call->arena, a->parent_id, &parent,
                       &err) == RC_FAIL)
        return call_failed(call, &err);
    json_t *record = json_object();
    json_object_set_new(record, "alliance", table_text(a->slug));
    json_object_set_new(record, "parent", table_text(parent.slug));
    json_object_set_new(record, "name_de", table_text(a->name.de));
    json_object_set_new(record, "name_en", table_text(a->name.en));
    json_object_set_new(record, "about_de", table_text(a->about.de));
    json_object_set_new(record, "about_en", table_text(a->about.en));
    json_object_set_new(record, "mail_from", table_text(a->mail_from));
    json_object_set_new(record, "contact_name", table_text(a->contact_name));
    json_object_set_new(record, "contact_email",
                        table_text(a->contact_email));
    json_object_set_new(record, "contact_phone",
                        table_text(a->contact_phone));
    json_object_set_new(record, "color", table_text(a->color));
    json_object_set_new(record, "lang", table_text(lang_code(a->lang)));
    json_object_set_new(record, "invite", json_boolean(a->invite_default));
    json_object_set_new(record, "queue_passing",
                        json_boolean(a->queue_passing));
    enum exit_code code = set_benches(call, record, a->id);
    json_object_set_new(record, "page",
                        json_string(arena_printf(
                            call->arena, "%s/de/%s",
                            call->settings->base_url, a->slug)));
    table_print_record(call, record);
    return code;
}

static enum exit_code changed(struct call *call, const char *deed,
                              const struct alliance *alliance)
{
    enum exit_code code = value_audit(call, deed, alliance->id, 0);

    call->changed |= CHANGE_EDIT;
    return code == EXIT_FINE && call_flag(call, "json")
               ? print(call, alliance) : code;
}

enum exit_code alliance_add(struct call *call)
{
    struct alliance parent = { 0 };
    struct alliance alliance = {
        .slug = call->arguments[0],
        .name = { NULL, "" }, .about = { "", "" }, .color = "seagreen",
        .invite_default = true,
    };
    struct err err;

    value_slug(call, "alliance", alliance.slug);
    read_fields(call, &alliance);
    enum exit_code code = read_parent(call, &alliance, &parent);
    if (code == EXIT_FINE)
        inherit(&alliance, &parent);
    if (code == EXIT_UNAVAILABLE)
        return code;
    if (call->mistakes)
        return EXIT_DATA;
    check_whole(call, &alliance);
    if (call->mistakes)
        return EXIT_USAGE;
    if (!alliance.contact_phone)
        alliance.contact_phone = "";
    code = check_free(call, alliance.slug);
    if (code != EXIT_FINE)
        return code;
    if (alliance_insert(call->writer, call->now, &alliance, &err))
        return call_failed(call, &err);
    code = add_benches(call, alliance.id);
    if (code != EXIT_FINE)
        return code;
    table_say(call, "alliance %s added: %s/de/%s", alliance.slug,
              call->settings->base_url, alliance.slug);
    return changed(call, "alliance-add", &alliance);
}

/* Whoever may pass a larger party from now on does so now. */
static enum exit_code let_pass(struct call *call, int64_t alliance_id)
{
    const struct meeting_filter ahead = { .alliance_id = alliance_id,
                                          .ends_after = call->now };
    struct meetings meetings;
    struct err err;
    enum rc rc = meeting_list(call->reader, call->arena, &ahead, &meetings,
                              &err);

    for (size_t i = 0; i < meetings.count && rc == RC_OK; i++)
        rc = meeting_move_up(call, &meetings.items[i], &err);
    return rc == RC_OK ? EXIT_FINE : call_failed(call, &err);
}

enum exit_code alliance_edit(struct call *call)
{
    struct alliance alliance, parent;
    struct err err;
    enum exit_code code = value_alliance(call, call->arguments[0],
                                         &alliance);

    if (code != EXIT_FINE)
        return code;
    const bool passed = alliance.queue_passing;
    read_fields(call, &alliance);
    code = read_parent(call, &alliance, &parent);
    if (code == EXIT_UNAVAILABLE)
        return code;
    if (call->mistakes)
        return EXIT_DATA;
    if (alliance_update(call->writer, call->now, &alliance, &err))
        return call_failed(call, &err);
    code = add_benches(call, alliance.id);
    if (code == EXIT_FINE && alliance.queue_passing && !passed)
        code = let_pass(call, alliance.id);
    if (code != EXIT_FINE)
        return code;
    table_say(call, "alliance %s changed", alliance.slug);
    return changed(call, "alliance-edit", &alliance);
}

enum exit_code alliance_list_all(struct call *call)
{
    struct alliances all;
    struct err err;

    if (alliance_list(call->reader, call->arena, &all, &err))
        return call_failed(call, &err);
    json_t *rows = json_array();
    for (size_t i = 0; i < all.count; i++) {
        const struct alliance *a = &all.items[i];
        const struct alliance *parent = alliance_find(&all, a->parent_id);
        json_t *row = json_object();
        json_object_set_new(row, "alliance", table_text(a->slug));
        json_object_set_new(row, "parent",
                            table_text(parent ? parent->slug : NULL));
        json_object_set_new(row, "name_de", table_text(a->name.de));
        json_object_set_new(row, "name_en", table_text(a->name.en));
        json_object_set_new(row, "mail_from", table_text(a->mail_from));
        json_array_append_new(rows, row);
    }
    table_print(call, rows);
    return EXIT_FINE;
}

enum exit_code alliance_print(struct call *call)
{
    struct alliance alliance;
    enum exit_code code = value_alliance(call, call->arguments[0],
                                         &alliance);

    return code == EXIT_FINE ? print(call, &alliance) : code;
}
