#include "web/texts.h"

#include <ctype.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/files.h"
#include "daemon/base/mem.h"
#include "daemon/base/text.h"
#include "daemon/base/token.h"
#include "web/view/i18n.h"

#define TEXT_MOST ((size_t)256 * 1024)

struct texts {
    struct arena *arena;
    const char *at[TEXT_COUNT][LANG_COUNT]; /* NULL: not filled */
    struct notice notices[LANG_COUNT]; /* no words: none */
};

static const struct {
    const char *slug, *title;
} pages[TEXT_COUNT] = {
    [TEXT_IMPRESSUM] = { "impressum", N_("Legal notice") },
    [TEXT_DATENSCHUTZ] = { "datenschutz", N_("Data protection") },
    [TEXT_BARRIEREFREIHEIT] = { "barrierefreiheit", N_("Accessibility") },
    [TEXT_LEICHTE_SPRACHE] = { "leichte-sprache", N_("Easy language") },
    [TEXT_GEBAERDENSPRACHE] = { "gebaerdensprache", N_("Sign language") },
    [TEXT_UNMET] = { "barrierefreiheit-unvereinbar",
                     N_("Not compatible with the accessibility rules") },
    [TEXT_BURDEN] = { "barrierefreiheit-unverhaeltnismaessig",
                      N_("Disproportionate burden") },
    [TEXT_OUTSIDE] = { "barrierefreiheit-ausgenommen",
                       N_("Content to which the law does not apply") },
    [TEXT_INSTEAD] = { "barrierefreiheit-alternativen",
                       N_("Accessible alternatives") },
    [TEXT_ENFORCEMENT] = { "barrierefreiheit-durchsetzung",
                           N_("Enforcement procedure") },
};

const char *texts_slug(enum text_page page)
{
    return pages[page].slug;
}

const char *texts_title(enum text_page page, enum lang lang)
{
    return tr(lang, pages[page].title);
}

static bool is_blank(const char *text)
{
    while (*text && isspace((unsigned char)*text))
        text++;
    return *text == '\0';
}

static enum rc load_one(struct texts *texts, const char *dir,
                        enum text_page page, enum lang lang, struct err *err)
{
    char *data = NULL;
    size_t length = 0;
    const char *path = arena_printf(texts->arena, "%s/%s/%s.md", dir,
                                    lang_code(lang), pages[page].slug);
    enum rc rc =
        file_read(texts->arena, path, TEXT_MOST, &data, &length, err);

    if (rc == RC_NOT_FOUND)
        return RC_OK;
    if (rc == RC_OK && !text_is_utf8(data, length))
        rc = err_set(err, "%s is not UTF-8", path);
    if (rc == RC_OK && !is_blank(data))
        texts->at[page][lang] = data;
    return rc;
}

/* Once, since a digest of it goes with every registration. */
static void note_notice(struct texts *texts, enum lang lang)
{
    const char *words = texts_get(texts, TEXT_DATENSCHUTZ, lang);
    bool own = words && words == texts->at[TEXT_DATENSCHUTZ][lang];
    enum lang other = lang == LANG_DE ? LANG_EN : LANG_DE;
    char version[33];

    if (!words)
        return;
    digest_hex(words, strlen(words), version);
    texts->notices[lang] = (struct notice){
        .kind = NOTICE_DATA_PROTECTION, .lang = own ? lang : other,
        .version = arena_strdup(texts->arena, version), .words = words,
    };
}

enum rc texts_load(const char *dir, struct texts **out, struct err *err)
{
    struct texts *texts = mem_new(sizeof *texts);
    enum rc rc = RC_OK;

    texts->arena = arena_new();
    for (int page = 0; page < TEXT_COUNT && dir && *dir; page++)
        for (int lang = 0; lang < LANG_COUNT && rc == RC_OK; lang++)
            rc = load_one(texts, dir, (enum text_page)page, (enum lang)lang,
                          err);
    for (int lang = 0; lang < LANG_COUNT && rc == RC_OK; lang++)
        note_notice(texts, (enum lang)lang);
    if (rc != RC_OK)
        texts_free(&texts);
    *out = texts;
    return rc;
}

void texts_free(struct texts **texts)
{
    if (!*texts)
        return;
    arena_free(&(*texts)->arena);
    mem_free(*texts);
    *texts = NULL;
}

enum lang texts_lang(const struct texts *texts, enum text_page page,
                     enum lang lang)
{
    enum lang other = lang == LANG_DE ? LANG_EN : LANG_DE;

    return !texts->at[page][lang] && texts->at[page][other] ? other : lang;
}

const char *texts_get(const struct texts *texts, enum text_page page,
                      enum lang lang)
{
    return texts->at[page][texts_lang(texts, page, lang)];
}

const struct notice *texts_notice(const struct texts *texts, enum lang lang)
{
    return texts->notices[lang].words ? &texts->notices[lang] : NULL;
}
