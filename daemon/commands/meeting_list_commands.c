/* meeting list|show */

#include "daemon/base/arena.h"
#include "daemon/commands/meeting_commands.h"
#include "daemon/commands/table.h"
#include "daemon/commands/values.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/seat_store.h"
#include "daemon/store/writing.h"

const struct command_option meeting_list_options[] = {
    { "ahead", NULL, "only those that have not ended", false },
    { "with-regions", NULL, "those of its regions too", false },
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

const struct command_option meeting_show_options[] = {
    TABLE_JSON_OPTION,
    { NULL, NULL, NULL, false },
};

static const char *phase_word(enum meeting_phase phase)
{
    static const char *const words[] = {
        [PHASE_DRAFT] = "draft", [PHASE_SOON] = "soon",
        [PHASE_OPEN] = "open", [PHASE_WAITING] = "waiting",
        [PHASE_FULL] = "full",
        [PHASE_CLOSED] = "closed", [PHASE_PAST] = "past",
        [PHASE_CANCELLED] = "cancelled",
    };

    return words[phase];
}

static void set_seats(json_t *row, const struct pools *pools)
{
    static const char *const keys[MODE_COUNT][3] = {
        [MODE_ONSITE] = { "onsite_taken", "onsite", "onsite_waiting" },
        [MODE_ONLINE] = { "online_taken", "online", "online_waiting" },
    };

    for (int mode = 0; mode < MODE_COUNT; mode++) {
        const struct pool *pool = &pools->at[mode];
        json_object_set_new(row, keys[mode][0],
                            pools->offered[mode] ? json_integer(pool->taken)
                                                 : json_null());
        json_object_set_new(row, keys[mode][1],
                            pools->offered[mode]
                                ? json_integer(pool->capacity)
                                : json_null());
        json_object_set_new(row, keys[mode][2],
                            pools->offered[mode] ? json_integer(pool->waiting)
                                                 : json_null());
    }
}

static json_t *meeting_row(struct call *call, const struct meeting *m,
                           const struct pools *pools)
{
    json_t *row = json_object();

    json_object_set_new(row, "meeting",
                        json_string(arena_printf(call->arena, "%s/%s",
                                                 m->alliance_slug,
                                                 m->slug)));
    json_object_set_new(row, "starts",
                        table_time(call, m->zone, m->starts_at));
    json_object_set_new(row, "state",
                        json_string(phase_word(meeting_phase_at(
                            m, pools, call->now))));
    set_seats(row, pools);
    json_object_set_new(row, "title_de", table_text(m->title.de));
    return row;
}

enum exit_code meeting_list_all(struct call *call)
{
    struct alliance alliance = { 0 };
    struct meetings meetings;
    struct err err;

    if (call->argument_count) {
        enum exit_code code = value_alliance(call, call->arguments[0],
                                             &alliance);
        if (code != EXIT_FINE)
            return code;
    }
    const struct meeting_filter filter = {
        .alliance_id = alliance.id,
        .with_regions = call_flag(call, "with-regions"),
        .ends_after = call_flag(call, "ahead") ? call->now : 0,
    };
    if (meeting_list(call->reader, call->arena, &filter, &meetings, &err))
        return call_failed(call, &err);
    json_t *rows = json_array();
    for (size_t i = 0; i < meetings.count; i++) {
        struct pools pools;
        if (pool_of_meeting(call->reader, meetings.items[i].id, &pools,
                            &err) == RC_FAIL) {
            json_decref(rows);
            return call_failed(call, &err);
        }
        json_array_append_new(rows, meeting_row(call, &meetings.items[i],
                                                &pools));
    }
    table_print(call, rows);
    return EXIT_FINE;
}

static void set_text_pair(json_t *record, const char *de, const char *en,
                          const struct bilingual *text)
{
    json_object_set_new(record, de, table_text(text->de));
    json_object_set_new(record, en, table_text(text->en));
}

static void set_venue(json_t *record, const struct meeting *m)
{
    json_object_set_new(record, "venue_name", table_text(m->venue_name));
    json_object_set_new(record, "venue_street", table_text(m->venue_street));
    json_object_set_new(record, "venue_postcode",
                        table_text(m->venue_postcode));
    json_object_set_new(record, "venue_town", table_text(m->venue_town));
    set_text_pair(record, "access_de", "access_en", &m->venue_access);
    json_object_set_new(record, "latitude",
                        m->has_geo ? json_real(m->latitude) : json_null());
    json_object_set_new(record, "longitude",
                        m->has_geo ? json_real(m->longitude) : json_null());
}

static json_t *sessions_json(struct call *call, const struct meeting *m,
                             const struct sessions *sessions)
{
    json_t *rows = json_array();

    for (size_t i = 0; i < sessions->count; i++) {
        const struct session *s = &sessions->items[i];
        json_t *row = json_object();
        json_object_set_new(row, "starts",
                            table_time(call, m->zone, s->starts_at));
        json_object_set_new(row, "ends",
                            table_time(call, m->zone, s->ends_at));
        set_text_pair(row, "title_de", "title_en", &s->title);
        json_object_set_new(row, "speaker", table_text(s->speaker));
        json_array_append_new(rows, row);
    }
    return rows;
}

static json_t *meeting_record(struct call *call, const struct meeting *m,
                              const struct pools *pools)
{
    json_t *r = json_object();

    json_object_set_new(r, "meeting",
                        json_string(arena_printf(call->arena, "%s/%s",
                                                 m->alliance_slug,
                                                 m->slug)));
    json_object_set_new(r, "state",
                        json_string(phase_word(meeting_phase_at(
                            m, pools, call->now))));
    json_object_set_new(r, "visibility",
                        json_string(visibility_word(m->visibility)));
    set_text_pair(r, "title_de", "title_en", &m->title);
    set_text_pair(r, "summary_de", "summary_en", &m->summary);
    set_text_pair(r, "about_de", "about_en", &m->about);
    json_object_set_new(r, "zone", table_text(m->zone));
    json_object_set_new(r, "starts", table_time(call, m->zone,
                                                m->starts_at));
    json_object_set_new(r, "ends", table_time(call, m->zone, m->ends_at));
    json_object_set_new(r, "opens", table_time(call, m->zone, m->opens_at));
    json_object_set_new(r, "closes", table_time(call, m->zone,
                                                m->closes_at));
    set_venue(r, m);
    set_seats(r, pools);
    json_object_set_new(r, "join_url", table_text(m->join_url));
    json_object_set_new(r, "scarce", json_boolean(m->scarce));
    json_object_set_new(r, "ask_organisation",
                        json_boolean(m->ask_organisation));
    json_object_set_new(r, "keep_days", json_integer(m->keep_days));
    meeting_show_terms(call, m, r);
    json_object_set_new(r, "cancelled", table_time(call, m->zone,
                                                   m->cancelled_at));
    set_text_pair(r, "reason_de", "reason_en", &m->cancel_reason);
    json_object_set_new(r, "uid", table_text(m->uid));
    json_object_set_new(r, "sequence", json_integer(m->sequence));
    json_object_set_new(r, "page",
                        json_string(arena_printf(
                            call->arena, "%s/de/%s/%s",
                            call->settings->base_url, m->alliance_slug,
                            m->slug)));
    return r;
}

static enum exit_code print(struct call *call, const struct meeting *meeting)
{
    struct pools pools;
    struct sessions sessions;
    struct err err;

    if (pool_of_meeting(call->reader, meeting->id, &pools, &err) ==
            RC_FAIL ||
        session_list(call->reader, call->arena, meeting->id, &sessions,
                     &err) == RC_FAIL)
        return call_failed(call, &err);
    json_t *record = meeting_record(call, meeting, &pools);
    json_t *agenda = sessions_json(call, meeting, &sessions);
    if (call_flag(call, "json")) {
        json_object_set_new(record, "sessions", agenda);
        table_print_record(call, record);
        return EXIT_FINE;
    }
    table_print_record(call, record);
    str_add_char(&call->out, '\n');
    table_print(call, agenda);
    return EXIT_FINE;
}

enum exit_code meeting_print(struct call *call)
{
    struct alliance alliance;
    struct meeting meeting;
    enum exit_code code = value_meeting(call, call->arguments[0], &alliance,
                                        &meeting);

    return code == EXIT_FINE ? print(call, &meeting) : code;
}

enum exit_code meeting_print_if_json(struct call *call,
                                     const struct meeting *meeting)
{
    struct meeting fresh;
    struct err err;

    if (!call_flag(call, "json"))
        return EXIT_FINE;
    if (meeting_by_id(call->reader, call->arena, meeting->id, &fresh, &err))
        return call_failed(call, &err);
    return print(call, &fresh);
}

enum exit_code meeting_changed(struct call *call, const char *deed,
                               const struct meeting *meeting)
{
    enum exit_code code = value_audit(call, deed, meeting->alliance_id,
                                      meeting->id);

    call->changed |= CHANGE_EDIT;
    return code == EXIT_FINE ? meeting_print_if_json(call, meeting) : code;
}
