#include "daemon/commands/values.h"

#include <string.h>

#include "calendars/zone.h"
#include "daemon/base/address.h"
#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "daemon/base/text.h"
#include "daemon/model/slug.h"
#include "daemon/store/account_store.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/meeting_store.h"

void value_line(struct call *call, const char *option, size_t most,
                const char **field)
{
    const char *value = call_option(call, option);

    if (!value)
        return;
    if (text_has_control(value, false)) {
        call_mistake(call, "--%s: one line is expected", option);
        return;
    }
    char *line = text_clean_line(call->arena, value);
    size_t characters = text_characters(line);
    if (characters > most)
        call_mistake(call, "--%s: %zu characters; at most %zu are expected",
                     option, characters, most);
    *field = line;
}

void value_line_needed(struct call *call, const char *option, size_t most,
                       const char **field)
{
    value_line(call, option, most, field);
    if (call_option(call, option) && !**field)
        call_mistake(call, "--%s: may not be empty", option);
}

void value_lines(struct call *call, const char *option, const char **field)
{
    const char *value = call_option(call, option);

    if (value)
        *field = text_clean(call->arena, value);
}

void value_address(struct call *call, const char *option,
                   const char **field)
{
    static const char *const words[] = {
        [ADDRESS_EMPTY] = "may not be empty",
        [ADDRESS_NO_AT] = "an address like name@example.org is expected",
        [ADDRESS_LOCAL_UTF8] = "the part before the @ may hold no umlauts "
                               "or other special letters",
        [ADDRESS_LOCAL_BAD] = "the part before the @ holds something that "
                              "does not belong there",
        [ADDRESS_DOMAIN_BAD] = "the part after the @ is not a domain like "
                               "example.org",
        [ADDRESS_TOO_LONG] = "longer than 254 characters",
    };
    const char *value = call_option(call, option);
    char *address;

    if (!value)
        return;
    enum address_verdict verdict = address_check(call->arena, value,
                                                 &address);
    if (verdict == ADDRESS_OK)
        *field = address;
    else
        call_mistake(call, "--%s: \"%s\": %s", option, value,
                     words[verdict]);
}

void value_https(struct call *call, const char *option, const char **field)
{
    value_line(call, option, 2000, field);
    if (!call_option(call, option) || !**field)
        return;
    if (strncmp(*field, "https://", 8) || strchr(*field, ' '))
        call_mistake(call, "--%s: an address that begins with https:// is "
                     "expected", option);
}

void value_int(struct call *call, const char *option, int64_t min,
               int64_t max, int64_t *field)
{
    const char *value = call_option(call, option);

    if (value && !parse_int(value, min, max, field))
        call_mistake(call, "--%s: \"%s\": a whole number from %lld to %lld "
                     "is expected", option, value, (long long)min,
                     (long long)max);
}

void value_bool(struct call *call, const char *option, bool *field)
{
    const char *value = call_option(call, option);

    if (value && !parse_bool(value, field))
        call_mistake(call, "--%s: \"%s\": yes or no is expected", option,
                     value);
}

void value_duration(struct call *call, const char *option, int64_t yes,
                    int64_t most, int64_t *field)
{
    const char *value = call_option(call, option);
    int64_t seconds = 0;
    bool on;

    if (!value)
        return;
    if (parse_bool(value, &on) && (!on || yes))
        seconds = on ? yes : 0;
    else if (strcmp(value, "0") && !parse_duration(value, &seconds))
        seconds = -1;
    if (seconds < 0 || seconds > most)
        call_mistake(call, "--%s: \"%s\": a duration like 36 h (min, h, d, "
                     "w) of at most %lld days, or no, is expected", option,
                     value, (long long)(most / 86400));
    else
        *field = seconds;
}

void value_lang(struct call *call, const char *option, enum lang *field)
{
    const char *value = call_option(call, option);

    if (value && !lang_parse(value, field))
        call_mistake(call, "--%s: \"%s\": de or en is expected", option,
                     value);
}

void value_time(struct call *call, const char *option, const char *zone_word,
                int64_t *field)
{
    const char *value = call_option(call, option);
    const struct zone *zone = zone_find(zone_word);
    struct civil civil;

    if (!value || !zone)
        return;
    if (!parse_civil(value, &civil)) {
        call_mistake(call, "--%s: \"%s\": a time like \"2027-03-07 10:00\" "
                     "is expected", option, value);
        return;
    }
    switch (zone_utc(zone, &civil, field)) {
    case WALL_OK:
        break;
    case WALL_TWICE:
        call_say(call, "note: --%s: %s comes twice in %s, because the clocks "
                 "are put back; the first of the two is taken", option,
                 value, zone_word);
        break;
    case WALL_NEVER:
        call_mistake(call, "--%s: %s does not exist in %s: the clocks leap "
                     "over that hour", option, value, zone_word);
        break;
    }
}

void value_slug(struct call *call, const char *what, const char *slug)
{
    enum slug_verdict verdict = slug_check(slug);

    if (verdict != SLUG_OK)
        call_mistake(call, "%s \"%s\": %s", what, slug,
                     slug_advice(verdict));
}

enum exit_code value_alliance(struct call *call, const char *slug,
                              struct alliance *alliance)
{
    struct err err;

    switch (alliance_by_slug(call->reader, call->arena, slug, alliance,
                             &err)) {
    case RC_OK:
        return EXIT_FINE;
    case RC_NOT_FOUND:
        call_mistake(call, "there is no alliance \"%s\"; `convened alliance "
                     "list` shows them", slug);
        return EXIT_DATA;
    case RC_FAIL:
        break;
    }
    return call_failed(call, &err);
}

/* NULL: there is no slash, or nothing on one side of it. */
static const char *cut_path(struct call *call, const char *path,
                            char **alliance)
{
    const char *slash = strchr(path, '/');

    if (!slash || slash == path || !slash[1] || strchr(slash + 1, '/')) {
        call_mistake(call, "\"%s\": ALLIANCE/MEETING is expected, like "
                     "sachsen/jahrestreffen", path);
        return NULL;
    }
    *alliance = arena_strndup(call->arena, path, (size_t)(slash - path));
    return slash + 1;
}

enum exit_code value_new_meeting(struct call *call, const char *path,
                                 struct alliance *alliance,
                                 const char **slug)
{
    char *name;

    *slug = cut_path(call, path, &name);
    if (!*slug)
        return EXIT_DATA;
    value_slug(call, "meeting", *slug);
    return value_alliance(call, name, alliance);
}

enum exit_code value_meeting(struct call *call, const char *path,
                             struct alliance *alliance,
                             struct meeting *meeting)
{
    struct err err;
    char *name;
    const char *slug = cut_path(call, path, &name);

    if (!slug)
        return EXIT_DATA;
    enum exit_code code = value_alliance(call, name, alliance);
    if (code != EXIT_FINE)
        return code;
    switch (meeting_by_slug(call->reader, call->arena, name, slug, meeting,
                            &err)) {
    case RC_OK:
        return EXIT_FINE;
    case RC_NOT_FOUND:
        call_mistake(call, "there is no meeting \"%s\"; `convened meeting "
                     "list %s` shows them", path, name);
        return EXIT_DATA;
    case RC_FAIL:
        break;
    }
    return call_failed(call, &err);
}

enum exit_code value_audit(struct call *call, const char *deed,
                           int64_t alliance_id, int64_t meeting_id)
{
    struct err err;
    const struct audit audit = {
        .actor = -1, .deed = deed, .alliance_id = alliance_id,
        .meeting_id = meeting_id,
    };

    if (audit_insert(call->writer, call->now, &audit, &err))
        return call_failed(call, &err);
    return EXIT_FINE;
}

struct turn value_turn(const struct call *call)
{
    return (struct turn){ .writer = call->writer, .arena = call->arena,
                          .now = call->now, .settings = call->settings,
                          .actor = -1 };
}
