#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/files.h"
#include "daemon/base/log.h"
#include "daemon/base/str.h"
#include "daemon/base/token.h"
#include "daemon/demo_parts.h"
#include "daemon/store/account_store.h"
#include "daemon/store/alliance_store.h"
#include "daemon/store/db.h"
#include "daemon/store/lock.h"
#include "daemon/store/meeting_store.h"
#include "daemon/store/seat_store.h"

#define NOW INT64_C(1790000000) /* 2026-09-21 14:13:20 UTC, a Monday */

struct world {
    struct arena *arena;
    char folder[64], dir[96];
    const char *config_path;
    struct settings settings;
    struct str faults;
    struct err err;
};

static int set_up(void **state)
{
    static struct world world;
    world.arena = arena_new();
    snprintf(world.folder, sizeof world.folder, "/tmp/demo-XXXXXX");
    assert_non_null(mkdtemp(world.folder));
    snprintf(world.dir, sizeof world.dir, "%s/convened-demo", world.folder);
    str_init(&world.faults, world.arena, 4096);
    *state = &world;
    return 0;
}

static int remove_one(const char *path, const struct stat *found, int type,
                      struct FTW *walk)
{
    (void)found, (void)type, (void)walk;
    return remove(path);
}

static int tear_down(void **state)
{
    struct world *world = *state;
    assert_int_equal(nftw(world->folder, remove_one, 16,
                          FTW_DEPTH | FTW_PHYS), 0);
    arena_free(&world->arena);
    return 0;
}

static enum rc prepare(struct world *world, const char *listen,
                       const char *relay)
{
    const struct demo_wish wish = {world->dir, listen, relay};
    return demo_prepare(world->arena, &wish, &world->config_path,
                        &world->settings, &world->faults, &world->err);
}

static void begin(struct world *world)
{
    if (prepare(world, NULL, NULL) ||
        demo_fill(world->arena, &world->settings, NOW, &world->err))
        fail_msg("%s%s", world->faults.data, world->err.text);
}

static char *content(struct world *world, const char *name)
{
    char *data;
    size_t length;
    assert_int_equal(file_read(world->arena,
                               arena_printf(world->arena, "%s/%s",
                                            world->dir, name), 1 << 20,
                               &data, &length, &world->err), RC_OK);
    return data;
}

static struct reader *open_database(struct world *world)
{
    struct reader *reader;
    assert_int_equal(reader_open(arena_printf(world->arena,
                                              "%s/convened.db", world->dir),
                                 &reader, &world->err), RC_OK);
    return reader;
}

static void a_new_folder_has_all_that_is_needed(void **state)
{
    struct world *world = *state;
    const struct settings *s = &world->settings;
    struct stat found;
    begin(world);
    assert_string_equal(s->base_url, "http://localhost:8080");
    assert_string_equal(s->listen.items[0], "127.0.0.1:8080");
    assert_int_equal(s->hosts.count, 3);
    assert_true(s->demo);
    assert_string_equal(s->state_dir, world->dir);
    assert_string_equal(s->mail_relay, "");
    assert_string_equal(s->mail_spool,
                        arena_printf(world->arena, "%s/mail", world->dir));
    assert_int_equal(s->exempt.count, 2);
    assert_int_equal(stat(world->dir, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0700);
    assert_int_equal(stat(s->run_dir, &found), 0);
    assert_int_equal(stat(s->mail_spool, &found), 0);
    assert_non_null(strstr(content(world, "texts/de/impressum.md"),
                           "Mustertext"));
    assert_true(strlen(content(world, "texts/en/leichte-sprache.md")) > 50);
    assert_int_equal(stat(arena_printf(world->arena, "%s/convened.key",
                                       world->dir), &found), 0);
    assert_int_equal(found.st_size, 32);
}

static void the_legal_texts_arrive_byte_by_byte(void **state)
{
    (void)state;
    size_t count = 0;
    for (const struct demo_text *t = demo_texts; t->path; t++, count++)
        assert_true(t->content[strlen(t->content) - 1] == '\n');
    assert_int_equal(count, 16);
    for (const struct demo_text *t = demo_texts; t->path; t++)
        if (!strcmp(t->path, "de/impressum.md")) /* a hard line break */
            assert_non_null(strstr(t->content, "(Vorführung)\\\n"));
}

static void the_sign_in_works_and_is_for_one_pair_of_eyes(void **state)
{
    struct world *world = *state;
    struct demo_login login;
    struct account account;
    struct stat found;
    begin(world);
    assert_int_equal(demo_login_read(world->arena, world->dir, &login,
                                     &world->err), RC_OK);
    char *text = content(world, DEMO_LOGIN_FILE);
    assert_string_equal(text, arena_printf(world->arena, "%s\n%s\n",
                                           login.email, login.password));
    assert_int_equal(stat(arena_printf(world->arena, "%s/%s", world->dir,
                                       DEMO_LOGIN_FILE), &found), 0);
    assert_int_equal(found.st_mode & 0777, 0600);
    struct reader *reader = open_database(world);
    assert_int_equal(account_by_email(reader, world->arena, login.email,
                                      &account, &world->err), RC_OK);
    assert_true(password_valid(account.password_hash, login.password));
    assert_int_equal(account.role, ROLE_OWNER);
    assert_int_equal(account.alliance_id, 0);
    reader_close(&reader);
}

static void thirteen_regions_stand_below_the_state(void **state)
{
    struct world *world = *state;
    struct alliance saxony;
    struct alliances regions;
    struct benches benches;
    begin(world);
    struct reader *reader = open_database(world);
    assert_int_equal(alliance_by_slug(reader, world->arena, "sachsen",
                                      &saxony, &world->err), RC_OK);
    assert_string_equal(saxony.name.de, "Fachkräfteallianz Sachsen");
    assert_int_equal(alliance_regions(reader, world->arena, saxony.id,
                                      &regions, &world->err), RC_OK);
    assert_int_equal(regions.count, 13);
    assert_int_equal(bench_list(reader, world->arena, saxony.id, &benches,
                                &world->err), RC_OK);
    assert_int_equal(benches.count, 8);
    reader_close(&reader);
}

static void the_annual_meeting_is_open_and_hybrid(void **state)
{
    struct world *world = *state;
    struct meeting meeting;
    struct pools pools;
    struct sessions sessions;
    begin(world);
    struct reader *reader = open_database(world);
    assert_int_equal(meeting_by_slug(reader, world->arena, "sachsen",
                                     "arbeit-2030", &meeting, &world->err),
                     RC_OK);
    assert_int_equal(meeting.starts_at, 1804410000); /* 2027-03-07 09 UTC */
    assert_int_equal(meeting.ends_at - meeting.starts_at, 5 * 3600);
    assert_int_equal(pool_of_meeting(reader, meeting.id, &pools,
                                     &world->err), RC_OK);
    assert_int_equal(pools.at[MODE_ONSITE].capacity, 200);
    assert_int_equal(pools.at[MODE_ONLINE].capacity, 500);
    assert_int_equal(meeting_phase_at(&meeting, &pools, NOW), PHASE_OPEN);
    assert_int_equal(session_list(reader, world->arena, meeting.id,
                                  &sessions, &world->err), RC_OK);
    assert_int_equal(sessions.count, 7);
    for (size_t i = 0; i < sessions.count; i++) {
        const struct session *s = &sessions.items[i];
        assert_true(s->starts_at >= meeting.starts_at);
        assert_true(s->ends_at <= meeting.ends_at);
        assert_int_equal(s->starts_at, i ? sessions.items[i - 1].ends_at
                                         : meeting.starts_at);
    }
    reader_close(&reader);
}

static void small_meetings_are_on_a_wednesday_in_daytime(void **state)
{
    struct world *world = *state;
    struct meeting meeting;
    begin(world);
    struct reader *reader = open_database(world);
    assert_int_equal(meeting_by_slug(reader, world->arena, "dresden",
                                     "fachkraeftefruehstueck", &meeting,
                                     &world->err), RC_OK);
    assert_int_equal(meeting.starts_at, 1791961200); /* 2026-10-14 09:00 */
    reader_close(&reader);
}

static void the_annual_meeting_is_always_ahead(void **state)
{
    (void)state;
    assert_int_equal(demo_annual_start(NOW), 1804410000);
    assert_int_equal(demo_annual_start(1804409999), 1804410000);
    assert_int_equal(demo_annual_start(1804410000), 1836032400);
    /* New Year's Eve in UTC, New Year's Day in Berlin. */
    assert_int_equal(demo_annual_start(1798759800), 1804410000);
}

static void a_second_start_goes_on_with_what_is_there(void **state)
{
    struct world *world = *state;
    begin(world);
    char *login = content(world, DEMO_LOGIN_FILE);
    char *config = content(world, "convened.conf");
    char *key = content(world, "convened.key");
    begin(world);
    assert_string_equal(content(world, DEMO_LOGIN_FILE), login);
    assert_string_equal(content(world, "convened.conf"), config);
    assert_memory_equal(content(world, "convened.key"), key, 32);
    struct alliances all;
    struct reader *reader = open_database(world);
    assert_int_equal(alliance_list(reader, world->arena, &all, &world->err),
                     RC_OK);
    assert_int_equal(all.count, 14);
    reader_close(&reader);
}

static void a_lost_sign_in_gets_a_new_password(void **state)
{
    struct world *world = *state;
    struct demo_login login;
    struct account account;
    begin(world);
    unlink(arena_printf(world->arena, "%s/%s", world->dir,
                        DEMO_LOGIN_FILE));
    begin(world);
    assert_int_equal(demo_login_read(world->arena, world->dir, &login,
                                     &world->err), RC_OK);
    struct reader *reader = open_database(world);
    assert_int_equal(account_by_email(reader, world->arena, login.email,
                                      &account, &world->err), RC_OK);
    assert_true(password_valid(account.password_hash, login.password));
    reader_close(&reader);
}

static void wishes_are_written_and_kept(void **state)
{
    struct world *world = *state;
    const struct settings *s = &world->settings;
    assert_int_equal(prepare(world, "localhost:9000",
                             "smtp://127.0.0.1:2525"), RC_OK);
    assert_string_equal(s->base_url, "http://localhost:9000");
    assert_string_equal(s->listen.items[0], "127.0.0.1:9000");
    assert_string_equal(s->mail_relay, "smtp://127.0.0.1:2525");
    assert_int_equal(s->mail_tls, MAIL_TLS_NONE);
    assert_int_equal(prepare(world, NULL, NULL), RC_OK);
    assert_string_equal(s->base_url, "http://localhost:9000");
    assert_string_equal(s->mail_relay, "smtp://127.0.0.1:2525");
    assert_int_equal(prepare(world, "[::1]:9001", NULL), RC_OK);
    assert_string_equal(s->base_url, "http://localhost:9001");
    assert_string_equal(s->listen.items[0], "[::1]:9001");
    assert_string_equal(s->mail_relay, "smtp://127.0.0.1:2525");
    assert_int_equal(prepare(world, "127.0.0.7:9002",
                             "smtp://mail.example.org:587"), RC_OK);
    assert_string_equal(s->base_url, "http://127.0.0.7:9002");
    assert_int_equal(s->mail_tls, MAIL_TLS_REQUIRED);
    assert_int_equal(prepare(world, "192.0.2.4:9003", NULL), RC_OK);
    assert_string_equal(s->base_url, "http://localhost:9003");
    assert_int_equal(s->listen.count, 2);
    assert_string_equal(s->hosts.items[3], "192.0.2.4");
}

static void wishes_that_cannot_be_are_named(void **state)
{
    struct world *world = *state;
    assert_int_equal(prepare(world, "8080", NULL), RC_FAIL);
    assert_non_null(strstr(world->err.text, "HOST:PORT is expected"));
    assert_int_equal(prepare(world, "example.org:80", NULL), RC_FAIL);
    assert_non_null(strstr(world->err.text, "an address of this machine"));
    assert_int_equal(prepare(world, NULL, "mail.example.org"), RC_FAIL);
    assert_non_null(strstr(world->err.text, "smtp://HOST:PORT"));
}

static void two_demos_do_not_share_a_folder(void **state)
{
    struct world *world = *state;
    int lock;
    begin(world);
    assert_int_equal(state_lock(world->dir, &lock, &world->err), RC_OK);
    assert_int_equal(demo_fill(world->arena, &world->settings, NOW,
                               &world->err), RC_FAIL);
    assert_non_null(strstr(world->err.text, "another demo runs there"));
    close(lock);
}

static void sockets_fit_however_deep_the_folder_lies(void **state)
{
    struct world *world = *state;
    char deep[90];
    memset(deep, 'd', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    const struct demo_wish wish = {
        arena_printf(world->arena, "%s/%s", world->folder, deep), NULL, NULL,
    };
    assert_int_equal(demo_prepare(world->arena, &wish, &world->config_path,
                                  &world->settings, &world->faults,
                                  &world->err), RC_OK);
    assert_true(strlen(world->settings.run_dir) < 90);
    assert_int_equal(rmdir(world->settings.run_dir), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST(a_new_folder_has_all_that_is_needed),
        TEST(the_legal_texts_arrive_byte_by_byte),
        TEST(the_sign_in_works_and_is_for_one_pair_of_eyes),
        TEST(thirteen_regions_stand_below_the_state),
        TEST(the_annual_meeting_is_open_and_hybrid),
        TEST(small_meetings_are_on_a_wednesday_in_daytime),
        TEST(the_annual_meeting_is_always_ahead),
        TEST(a_second_start_goes_on_with_what_is_there),
        TEST(a_lost_sign_in_gets_a_new_password),
        TEST(wishes_are_written_and_kept),
        TEST(wishes_that_cannot_be_are_named),
        TEST(two_demos_do_not_share_a_folder),
        TEST(sockets_fit_however_deep_the_folder_lies),
    };
    token_start();
    log_open("demo-test", LOG_LEVEL_ERROR);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
