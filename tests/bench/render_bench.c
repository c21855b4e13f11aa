/* What rendering alone costs: the parts of every letter in a closed house's
 * outbox, and the mail made of them. render_bench DATABASE KEY */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "daemon/base/arena.h"
#include "daemon/base/log.h"
#include "daemon/base/token.h"
#include "daemon/mail/letters.h"
#include "daemon/mail/mime.h"
#include "daemon/store/letter_store.h"

#define MOST 100000

static void give_up(const struct err *err)
{
    (void)fprintf(stderr, "render_bench: %s\n", err->text);
    exit(1);
}

static double cpu_us(void)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e6 +
        (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static void render(struct reader *reader, const struct settings *settings,
                   const struct keyring *keys, const struct letter *letter)
{
    struct arena *arena = arena_new();
    struct parts parts;
    struct str mail;
    struct err err;
    bool still_true;

    if (letters_render(reader, arena, settings, keys, letter->created_at,
                       letter, &still_true, &parts, &err) != RC_OK)
        give_up(&err);
    str_init(&mail, arena, 1 << 20);
    if (still_true)
        mime_write(&parts, &mail);
    arena_free(&arena);
}

int main(int argc, char **argv)
{
    char url[] = "https://termine.example.org", domain[] = "example.org";
    const struct settings settings = { .base_url = url,
                                       .mail_domain = domain };
    const struct letter_filter queued = { .state = LETTER_QUEUED,
                                          .limit = MOST };
    struct arena *arena = arena_new();
    struct keyring *keys;
    struct reader *reader;
    struct letters all;
    struct err err;

    if (argc != 3)
        return 64;
    log_open("render_bench", LOG_LEVEL_ERROR);
    token_start();
    mime_start();
    if (keyring_load(argv[2], false, &keys, &err) != RC_OK ||
        reader_open(argv[1], &reader, &err) != RC_OK ||
        letter_list(reader, arena, &queued, &all, &err) != RC_OK)
        give_up(&err);
    double cpu = cpu_us();
    for (size_t i = 0; i < all.count; i++)
        render(reader, &settings, keys, &all.items[i]);
    cpu = cpu_us() - cpu;
    printf("{\"letters\": %zu, \"cpu_us\": %.2f}\n", all.count,
           all.count ? cpu / (double)all.count : 0);
    reader_close(&reader);
    keyring_free(&keys);
    arena_free(&arena);
    return 0;
}
