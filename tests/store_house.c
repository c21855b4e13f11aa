#include "tests/store_house.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "daemon/base/log.h"
#include "daemon/base/mem.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/seat_store.h"

void house_expect(struct house *house, enum rc wanted, enum rc got,
                  const char *call, const char *file, int line)
{
    if (got == wanted)
        return;
    print_error("%s: %d instead of %d: %s\n", call, got, wanted,
                got == RC_FAIL ? house->err.text : "");
    _fail(file, line);
}

struct written {
    struct job job;
    struct house *house;
    enum rc (*body)(struct house *, int64_t now, void *);
    void *context;
};

static enum rc run_body(struct writer *writer, int64_t now, struct job *job,
                        struct err *err)
{
    struct written *w = (struct written *)job;

    (void)writer;
    enum rc rc = w->body(w->house, now, w->context);
    *err = w->house->err;
    return rc;
}

enum rc house_write(struct house *house, int64_t now,
                    enum rc (*body)(struct house *, int64_t now, void *),
                    void *context)
{
    struct written w = { .job = { .run = run_body }, .house = house,
                         .body = body, .context = context };

    writing_run_alone(house->writer, &w.job, now);
    house->err = w.job.err;
    return w.job.rc;
}

static int64_t number_in(const char *name, int flags, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *statement;

    assert_int_equal(sqlite3_open_v2(name, &db, flags, NULL), SQLITE_OK);
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return number;
}

int64_t house_number(struct house *house, const char *sql)
{
    return number_in(house->path, SQLITE_OPEN_READWRITE, sql);
}

int64_t house_number_without_log(struct house *house, const char *sql)
{
    return number_in(arena_printf(house->arena, "file:%s?immutable=1",
                                  house->path),
                     SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, sql);
}

void house_assert_sound(struct house *house)
{
    static const char *const never[] = {
        "SELECT count(*) FROM pool p WHERE taken > capacity OR taken <>"
        " (SELECT count(*) FROM seat s WHERE s.pool_id = p.id)",
        "SELECT count(*) FROM pool p WHERE waiting <> (SELECT count(*)"
        " FROM wait w WHERE w.pool_id = p.id AND w.claim_by = 0)",
        "SELECT count(*) FROM registration r WHERE state = 2 AND 1 <>"
        " (SELECT count(*) FROM seat s JOIN pool p ON p.id = s.pool_id"
        " WHERE s.registration_id = r.id AND p.mode = r.mode)",
        "SELECT count(*) FROM registration r WHERE 1 < (SELECT count(*)"
        " FROM seat s JOIN pool p ON p.id = s.pool_id WHERE"
        " s.registration_id = r.id AND p.mode IS NOT NULL AND NOT EXISTS"
        " (SELECT 1 FROM wait w WHERE w.registration_id = r.id"
        " AND w.pool_id = s.pool_id))",
        "SELECT count(*) FROM registration r WHERE state > 3 AND (EXISTS"
        " (SELECT 1 FROM seat s WHERE s.registration_id = r.id) OR EXISTS"
        " (SELECT 1 FROM wait w WHERE w.registration_id = r.id))",
        "SELECT count(*) FROM person p WHERE NOT EXISTS (SELECT 1"
        " FROM registration r WHERE r.person_id = p.id)",
        "SELECT count(*) FROM pragma_foreign_key_check",
    };

    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        if (house_number(house, never[i]) != 0)
            fail_msg("not sound: %s", never[i]);
}

static struct alliance made_up(const char *slug, const char *name)
{
    return (struct alliance){
        .slug = slug, .name = { name, "" }, .about = { "", "" },
        .contact_name = "Erika Muster",
        .contact_email = "kontakt@example.org", .contact_phone = "",
        .mail_from = "einladung@example.org", .color = "teal",
        .invite_default = true,
    };
}

struct turn house_turn(struct house *house, int64_t now)
{
    return (struct turn){ .writer = house->writer, .arena = house->arena,
                          .now = now, .settings = &house->settings };
}

struct meeting house_meeting(const struct house *house)
{
    return (struct meeting){
        .alliance_id = house->alliance.id, .slug = "arbeit-2030",
        .state = MEETING_PUBLISHED, .title = { "Arbeit 2030", "Work 2030" },
        .summary = { "Ein Satz.", "" }, .about = { "Mehr.", "" },
        .zone = "Europe/Berlin", .starts_at = NOON + 30 * DAY,
        .ends_at = NOON + 30 * DAY + 6 * HOUR, .opens_at = NOON - DAY,
        .closes_at = NOON + 20 * DAY, .venue_name = "Haus Beispiel",
        .venue_street = "Musterweg 1", .venue_postcode = "01067",
        .venue_town = "Dresden", .venue_access = { "", "" },
        .has_geo = true, .latitude = 51.05, .longitude = 13.74,
        .join_url = "https://stream.example.org/", .keep_days = 90,
        .keep_support_days = 14,
    };
}

static enum rc add_meeting(struct house *house, int64_t now, void *context)
{
    struct meeting *meeting = context;
    enum rc rc = meeting_insert(house->writer, house->arena, now,
                                "example.org", meeting, &house->err);

    return rc == RC_OK
        ? pool_set_capacity(house->writer, meeting->id, MODE_ONSITE, 10,
                            &house->err) : rc;
}

struct meeting house_add_meeting(struct house *house, const char *slug)
{
    struct meeting meeting = house_meeting(house);

    meeting.slug = slug;
    FINE(house, house_write(house, NOON, add_meeting, &meeting));
    return meeting;
}

static enum rc furnish(struct house *house, int64_t now, void *unused)
{
    struct writer *w = house->writer;
    enum rc rc;

    (void)unused;
    house->alliance = made_up("sachsen", "Allianz Sachsen");
    rc = alliance_insert(w, now, &house->alliance, &house->err);
    house->region = made_up("zwickau", "Allianz Zwickau");
    house->region.parent_id = house->alliance.id;
    if (rc == RC_OK)
        rc = alliance_insert(w, now, &house->region, &house->err);
    house->meeting = house_meeting(house);
    if (rc == RC_OK)
        rc = meeting_insert(w, house->arena, now, "example.org",
                            &house->meeting, &house->err);
    if (rc == RC_OK)
        rc = pool_set_capacity(w, house->meeting.id, MODE_ONSITE, 100,
                               &house->err);
    if (rc == RC_OK)
        rc = pool_set_capacity(w, house->meeting.id, MODE_ONLINE, 50,
                               &house->err);
    return rc;
}

int house_open(void **state)
{
    struct house *house = mem_new(sizeof *house);

    log_open("test", LOG_LEVEL_ERROR);
    token_start();
    const char *root = getenv("TMPDIR");
    (void)snprintf(house->folder, sizeof house->folder,
                   "%s/convened-house-XXXXXX", root ? root : "/tmp");
    assert_non_null(mkdtemp(house->folder));
    (void)snprintf(house->path, sizeof house->path, "%s/convened.db",
                   house->folder);
    house->arena = arena_new();
    house->settings.mail_domain = mem_strdup("example.org");
    house->settings.registrations_per_address = 10;
    house->settings.steps_per_hour = 3;
    house->settings.steps_per_day = 5;
    house->settings.login_tries_account = 5;
    house->settings.login_tries_address = 20;
    house->settings.login_tries_window = 15 * MINUTE;
    FINE(house, writer_open(house->path, true, &house->writer, &house->err));
    FINE(house, reader_open(house->path, &house->reader, &house->err));
    FINE(house, house_write(house, NOON - 10 * DAY, furnish, NULL));
    FINE(house, pool_of_meeting(house->reader, house->meeting.id,
                                &house->pools, &house->err));
    *state = house;
    return 0;
}

static void remove_file(const char *folder, const char *name)
{
    char path[256];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    (void)unlink(path);
}

int house_close(void **state)
{
    static const char *const names[] = {
        "convened.db", "convened.db-wal", "convened.db-shm",
        "convened.db.sealed", "convened.lock",
    };
    struct house *house = *state;

    reader_close(&house->reader);
    writer_close(&house->writer);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        remove_file(house->folder, names[i]);
    int gone = rmdir(house->folder);
    mem_free(house->settings.mail_domain);
    arena_free(&house->arena);
    mem_free(house);
    return gone;
}

static enum rc set_seats(struct house *house, int64_t now, void *context)
{
    const int64_t *wanted = context;

    (void)now;
    return pool_set_capacity(house->writer, house->meeting.id,
                             (enum mode)wanted[0], wanted[1], &house->err);
}

void house_set_seats(struct house *house, enum mode mode, int64_t capacity)
{
    int64_t wanted[2] = { mode, capacity };

    FINE(house, house_write(house, NOON, set_seats, wanted));
}

struct signup house_signup(struct house *house, const char *given,
                           const char *family, const char *address)
{
    return (struct signup){
        .meeting_id = house->meeting.id, .mode = MODE_ONSITE,
        .lang = LANG_DE, .wants_invite = true,
        .person = { .given_name = given, .family_name = family, .title = "",
                    .address = address, .organisation = "Beispiel GmbH",
                    .position = "" },
        .settings = &house->settings, .arena = house->arena,
    };
}

struct placed {
    const struct signup *in;
    struct signup_result out;
};

static enum rc place(struct house *house, int64_t now, void *context)
{
    struct placed *placed = context;

    return signup_place(house->writer, now, placed->in, &placed->out,
                        &house->err);
}

struct signup_result house_place(struct house *house, int64_t now,
                                 const struct signup *in)
{
    struct placed placed = { .in = in };

    FINE(house, house_write(house, now, place, &placed));
    return placed.out;
}
