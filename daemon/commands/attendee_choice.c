#include "daemon/commands/attendee_choice.h"

#include <string.h>

#include "daemon/base/parse.h"
#include "daemon/base/text.h"
#include "daemon/commands/values.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/seat_store.h"

bool attendee_bench(struct call *call, const struct alliance *alliance,
                    const struct benches *benches, int64_t *id)
{
    const char *name = call_option(call, "bench");

    *id = 0;
    if (!name)
        return true;
    for (size_t i = 0; i < benches->count && *id == 0; i++)
        if (!strcmp(benches->items[i].name.de, name))
            *id = benches->items[i].id;
    if (*id == 0)
        call_mistake(call, "--bench: \"%s\": `convened alliance show %s` "
                     "shows the groups", name, alliance->slug);
    return *id != 0;
}

static const char *text_option(struct call *call, const char *option)
{
    const char *value = call_option(call, option);

    return value ? text_clean_line(call->arena, value) : "";
}

static const char *day_option(struct call *call, const char *option)
{
    const char *value = call_option(call, option);
    struct civil civil;

    if (!value)
        return "";
    if (!parse_day(value, &civil))
        call_mistake(call, "--%s: \"%s\": a day like 2027-03-07 is expected",
                     option, value);
    return value;
}

static int read_state(struct call *call)
{
    const char *word = call_option(call, "state");

    if (!word)
        return -1;
    for (int i = REG_UNCONFIRMED; i <= REG_DECLINED; i++)
        if (!strcmp(registration_state_word((enum registration_state)i),
                    word))
            return i;
    call_mistake(call, "--state: \"%s\": unconfirmed, pending, registered, "
                 "waiting, cancelled or declined is expected", word);
    return -1;
}

static int read_mode(struct call *call)
{
    const char *word = call_option(call, "mode");
    enum mode mode;

    if (!word)
        return -1;
    if (mode_parse(word, &mode))
        return (int)mode;
    call_mistake(call, "--mode: \"%s\": onsite or online is expected", word);
    return -1;
}

static void read_filter(struct call *call, struct attendee_choice *choice)
{
    struct desk_filter *filter = &choice->filter;

    *filter = (struct desk_filter){
        .search = text_option(call, "search"),
        .organisation = text_option(call, "organisation"),
        .state = read_state(call), .mode = read_mode(call),
        .from = day_option(call, "from"),
        .until = day_option(call, "until"),
        .unreached = call_flag(call, "unreached"),
        .queued = call_flag(call, "queued"), .columns = DESK_COLUMNS,
    };
    (void)attendee_bench(call, &choice->alliance, &choice->benches,
                         &filter->bench_id);
}

enum exit_code attendee_choose(struct call *call,
                               struct attendee_choice *choice)
{
    struct err err;
    enum exit_code code = value_meeting(call, call->arguments[0],
                                        &choice->alliance, &choice->meeting);

    if (code != EXIT_FINE)
        return code;
    if (bench_list(call->reader, call->arena, choice->alliance.id,
                   &choice->benches, &err) == RC_FAIL ||
        wait_places(call->reader, call->arena, choice->meeting.id,
                    &choice->queue, &err) == RC_FAIL)
        return call_failed(call, &err);
    read_filter(call, choice);
    if (call->mistakes)
        return EXIT_DATA;
    choice->rows = desk_filter_rows(&choice->filter, &choice->meeting);
    return EXIT_FINE;
}
