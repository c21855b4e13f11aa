#include <assert.h>
#include <unistd.h>

#include "calendars/zone.h"
#include "daemon/base/arena.h"
#include "daemon/base/token.h"
#include "daemon/demo_parts.h"
#include "daemon/state.h"
#include "daemon/store/account_store.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/db.h"
#include "daemon/store/lock.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/question_store.h"
#include "daemon/store/seat_store.h"
#include "daemon/store/writing.h"

#define ZONE "Europe/Berlin"
#define DEMO_QUESTIONS 8
#define DEMO_OPTIONS 8
#define DESK_EMAIL "organisation@example.org"

static int64_t in_berlin(const struct civil *civil)
{
    int64_t utc;
    enum wall_verdict verdict = zone_utc(zone_find(ZONE), civil, &utc);

    assert(verdict == WALL_OK); /* no clock is put on in daytime */
    return utc;
}

int64_t demo_annual_start(int64_t now)
{
    struct civil civil = {
        .year = zone_local(zone_find(ZONE), now).civil.year, .month = 3,
        .day = 7, .hour = 10,
    };

    if (in_berlin(&civil) <= now)
        civil.year++;
    return in_berlin(&civil);
}

static int64_t start_of(const struct demo_meeting *facts, int64_t now)
{
    if (!facts->days)
        return demo_annual_start(now);
    struct civil day = zone_local(zone_find(ZONE), now).civil;
    int64_t midnight = civil_to_seconds(&(struct civil){
        .year = day.year, .month = day.month, .day = day.day });
    midnight += (int64_t)facts->days * 86400;
    for (day = civil_from_seconds(midnight); civil_weekday(&day) != 3;
         day = civil_from_seconds(midnight))
        midnight += 86400;
    day.hour = facts->hour;
    return in_berlin(&day);
}

/* One job: the demo is there as a whole, or not at all. */
struct fill {
    struct job job; /* first */
    struct arena *arena;
    const struct settings *settings;
    const struct demo_login *login;
    const char *hash;
};

static enum rc add_alliance(struct fill *fill, struct writer *writer,
                            int64_t now, const struct demo_region *facts,
                            int64_t parent_id, int64_t *id, struct err *err)
{
    struct alliance alliance = {
        .parent_id = parent_id, .slug = facts->slug,
        .name = { facts->de, facts->en },
        .about = { "Eine Vorführung. Menschen, Räume und Anschriften sind "
                  "erfunden.",
                  "A demonstration. People, rooms and addresses are made "
                  "up." },
        .contact_name = "Alex Muster",
        .contact_email = "kontakt@example.org",
        .contact_phone = "0000 000000",
        .mail_from = arena_printf(fill->arena, "%s@example.org",
                                  facts->slug),
        .color = parent_id ? "teal" : "seagreen", .lang = LANG_DE,
        .invite_default = true,
    };
    enum rc rc = alliance_insert(writer, now, &alliance, err);

    if (id)
        *id = alliance.id;
    for (const struct demo_bench *b = demo_benches; rc == RC_OK && b->de;
         b++) {
        struct bench bench = {
            .alliance_id = alliance.id, .name = { b->de, b->en },
        };
        rc = bench_insert(writer, &bench, err);
    }
    return rc;
}

static enum rc add_alliances(struct fill *fill, struct writer *writer,
                             int64_t now, struct err *err)
{
    static const struct demo_region state = {
        "sachsen", "Fachkräfteallianz Sachsen",
        "Skilled Labour Alliance of Saxony",
    };
    int64_t parent_id;
    enum rc rc = add_alliance(fill, writer, now, &state, 0, &parent_id, err);

    for (const struct demo_region *r = demo_regions; rc == RC_OK && r->slug;
         r++)
        rc = add_alliance(fill, writer, now, r, parent_id, NULL, err);
    return rc;
}

static struct meeting meeting_of(const struct demo_meeting *facts,
                                 int64_t starts_at)
{
    return (struct meeting){
        .alliance_slug = facts->alliance, .slug = facts->slug,
        .state = MEETING_PUBLISHED, .visibility = VISIBLE_PUBLIC,
        .title = { facts->title_de, facts->title_en },
        .summary = { facts->summary_de, facts->summary_en },
        .about = { facts->about_de, facts->about_en }, .zone = ZONE,
        .starts_at = starts_at,
        .ends_at = starts_at + (int64_t)facts->minutes * 60,
        .closes_at = starts_at, .venue_name = facts->venue_name,
        .venue_street = facts->venue_street,
        .venue_postcode = facts->venue_postcode,
        .venue_town = facts->venue_town,
        .venue_access = { facts->access_de, facts->access_en },
        .join_url = facts->join_url, .keep_days = 90,
    };
}

static enum rc add_sessions(struct fill *fill, struct writer *writer,
                            const struct demo_session *facts,
                            const struct meeting *meeting, struct err *err)
{
    enum rc rc = RC_OK;

    for (; rc == RC_OK && facts && facts->de; facts++) {
        struct session session = {
            .meeting_id = meeting->id, .title = { facts->de, facts->en },
            .about = { facts->about_de, facts->about_en },
            .speaker = facts->speaker,
            .starts_at = meeting->starts_at + (int64_t)facts->starts * 60,
            .ends_at = meeting->starts_at + (int64_t)facts->ends * 60,
        };
        rc = session_insert(writer, fill->arena,
                            fill->settings->mail_domain, &session, err);
    }
    return rc;
}

static enum rc add_options(struct writer *writer,
                           const struct demo_question *facts,
                           struct question *question, struct err *err)
{
    const struct demo_option *o = facts->options;
    enum rc rc = RC_OK;

    for (; rc == RC_OK && o && o->de; o++) {
        struct option option = {
            .position = (int64_t)question->option_count + 1,
            .label = { o->de, o->en },
            .capacity = o->places ? o->places : QUESTION_NO_LIMIT,
        };

        rc = option_insert(writer, question->id, &option, err);
        question->options[question->option_count++] = option;
    }
    return rc;
}

static enum rc add_questions(struct fill *fill, struct writer *writer,
                             const struct demo_question *facts,
                             int64_t meeting_id, struct err *err)
{
    struct question all[DEMO_QUESTIONS];
    enum rc rc = RC_OK;

    for (int i = 0; rc == RC_OK && facts && facts[i].de; i++) {
        const struct demo_question *f = &facts[i];

        assert(i < DEMO_QUESTIONS && f->if_question <= i);
        all[i] = (struct question){
            .meeting_id = meeting_id, .position = i + 1, .kind = f->kind,
            .label = { f->de, f->en }, .help = { f->help_de, f->help_en },
            .least = -QUESTION_NUMBER_MOST, .most = QUESTION_NUMBER_MOST,
            .if_mode = -1,
            .options = ARENA_ARRAY(fill->arena, struct option, DEMO_OPTIONS),
        };
        if (f->if_question)
            all[i].if_option =
                all[f->if_question - 1].options[f->if_option - 1].id;
        rc = question_insert(writer, &all[i], err);
        if (rc == RC_OK)
            rc = add_options(writer, f, &all[i], err);
    }
    return rc;
}

static enum rc add_meeting(struct fill *fill, struct writer *writer,
                           int64_t now, const struct demo_meeting *facts,
                           struct err *err)
{
    struct meeting meeting = meeting_of(facts, start_of(facts, now));
    struct alliance alliance;
    enum rc rc = alliance_by_slug(writer_reader(writer), fill->arena,
                                  facts->alliance, &alliance, err);

    if (rc != RC_OK)
        return rc;
    meeting.alliance_id = alliance.id;
    meeting_set_usual_terms(&meeting);
    rc = meeting_insert(writer, fill->arena, now,
                        fill->settings->mail_domain, &meeting, err);
    if (rc == RC_OK && facts->onsite)
        rc = pool_set_capacity(writer, meeting.id, MODE_ONSITE,
                               facts->onsite, err);
    if (rc == RC_OK && facts->online)
        rc = pool_set_capacity(writer, meeting.id, MODE_ONLINE,
                               facts->online, err);
    if (rc == RC_OK)
        rc = add_questions(fill, writer, facts->questions, meeting.id, err);
    return rc == RC_OK ? add_sessions(fill, writer, facts->sessions,
                                      &meeting, err)
                       : rc;
}

static enum rc add_account(struct fill *fill, struct writer *writer,
                           int64_t now, struct err *err)
{
    struct account account;
    enum rc rc = account_by_email(writer_reader(writer), fill->arena,
                                  fill->login->email, &account, err);

    if (rc == RC_OK)
        return account_set_password(writer, account.id, fill->hash, err);
    if (rc == RC_FAIL)
        return rc;
    account = (struct account){
        .email = fill->login->email, .name = "Alex Muster",
        .password_hash = fill->hash, .role = ROLE_OWNER,
    };
    return account_insert(writer, now, &account, err);
}

static enum rc fill_all(struct writer *writer, int64_t now, struct job *job,
                        struct err *err)
{
    struct fill *fill = (struct fill *)(void *)job;
    struct alliances known;
    enum rc rc = alliance_list(writer_reader(writer), fill->arena, &known,
                               err);

    if (rc == RC_OK && known.count == 0) {
        rc = add_alliances(fill, writer, now, err);
        for (const struct demo_meeting *m = demo_meetings;
             rc == RC_OK && m->slug; m++)
            rc = add_meeting(fill, writer, now, m, err);
    }
    return rc == RC_OK && fill->hash ? add_account(fill, writer, now, err)
                                     : rc;
}

/* The sign-in that was made before, or a new one, written down before the
 * account is: whatever happens in between, the two can be mended. *hash is
 * NULL if nothing is to be done. */
static enum rc choose_login(struct arena *arena,
                            const struct settings *settings, bool fresh,
                            struct demo_login *login, const char **hash,
                            struct err *err)
{
    char *room = arena_alloc(arena, PASSWORD_HASH_BYTES);
    enum rc rc = demo_login_read(arena, settings->state_dir, login, err);

    *hash = NULL;
    if (rc == RC_FAIL || (rc == RC_OK && !fresh))
        return rc;
    if (rc == RC_NOT_FOUND) {
        login->email = arena_strdup(arena, DESK_EMAIL);
        login->password = random_readable(arena, 16);
        if (demo_login_write(arena, settings->state_dir, login, err))
            return RC_FAIL;
    }
    password_hash(login->password, room);
    *hash = room;
    return RC_OK;
}

static enum rc fill_locked(struct arena *arena,
                           const struct settings *settings, int64_t now,
                           struct err *err)
{
    struct state state;
    struct demo_login login;
    struct fill fill = {
        .job = { .run = fill_all }, .arena = arena, .settings = settings,
        .login = &login,
    };

    state_find(arena, settings, &state);
    if (choose_login(arena, settings, state.fresh, &login, &fill.hash, err))
        return RC_FAIL;
    enum rc rc = state_open(&state, err);
    if (rc == RC_OK) {
        writing_run_alone(state.writer, &fill.job, now);
        rc = fill.job.rc;
        if (rc != RC_OK)
            err_set(err, "the demo's database: %s", fill.job.err.text);
    }
    state_close(&state);
    return rc;
}

enum rc demo_fill(struct arena *arena, const struct settings *settings,
                  int64_t now, struct err *err)
{
    int lock;
    enum rc rc = state_lock(settings->state_dir, &lock, err);

    if (rc == RC_NOT_FOUND)
        return err_set(err, "%s is in use: another demo runs there already",
                       settings->state_dir);
    if (rc != RC_OK)
        return rc;
    rc = fill_locked(arena, settings, now, err);
    close(lock);
    return rc == RC_OK ? RC_OK : RC_FAIL;
}
