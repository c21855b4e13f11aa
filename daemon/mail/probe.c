#include "daemon/mail/probe.h"

#include <assert.h>
#include <curl/curl.h>
#include <string.h>

#include "daemon/base/arena.h"

#define SET(option, value)                                              \
    do {                                                                \
        CURLcode set_ = curl_easy_setopt(easy, CURLOPT_##option, value); \
        assert(set_ == CURLE_OK);                                       \
    } while (0)

static size_t drop(char *data, size_t size, size_t count, void *context)
{
    (void)data, (void)context;
    return size * count;
}

static CURL *begin(const char *url, int64_t seconds, char *words)
{
    CURL *easy = curl_easy_init();

    assert(easy);
    SET(URL, url);
    SET(PROXY, ""); /* the environment has no say */
    SET(NOSIGNAL, 1L);
    SET(TIMEOUT, (long)seconds);
    SET(WRITEFUNCTION, drop);
    SET(ERRORBUFFER, words);
    words[0] = '\0';
    return easy;
}

static enum rc end(CURL *easy, CURLcode result, const char *words,
                   struct err *err)
{
    if (easy)
        curl_easy_cleanup(easy);
    curl_global_cleanup();
    if (result == CURLE_OK)
        return RC_OK;
    return err_set(err, "%s", *words ? words : curl_easy_strerror(result));
}

enum rc probe_relay(const struct settings *settings, int64_t seconds,
                    struct err *err)
{
    char words[CURL_ERROR_SIZE];

    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return err_set(err, "libcurl does not start");
    CURL *easy = begin(settings->mail_relay, seconds, words);
    SET(PROTOCOLS_STR, "smtp,smtps");
    SET(USE_SSL, settings->mail_tls == MAIL_TLS_REQUIRED
                     ? (long)CURLUSESSL_ALL : (long)CURLUSESSL_NONE);
    SET(SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (*settings->mail_ca_file)
        SET(CAINFO, settings->mail_ca_file);
    SET(CONNECT_ONLY, 1L);
    return end(easy, curl_easy_perform(easy), words, err);
}

enum rc probe_site(struct arena *arena, const char *url, const char *through,
                   int64_t seconds, struct probe_answer *answer,
                   struct err *err)
{
    char words[CURL_ERROR_SIZE];
    struct curl_slist *other = NULL;
    const char *location = NULL;

    *answer = (struct probe_answer){ 0, "" };
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return err_set(err, "libcurl does not start");
    CURL *easy = begin(url, seconds, words);
    SET(PROTOCOLS_STR, "http,https");
    if (through && !strncmp(through, "unix:", 5)) {
        SET(UNIX_SOCKET_PATH, through + 5);
    } else if (through) {
        other = curl_slist_append(NULL, arena_printf(arena, "::%s",
                                                     through));
        SET(CONNECT_TO, other);
    }
    CURLcode result = curl_easy_perform(easy);
    (void)curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &answer->status);
    (void)curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &location);
    if (location)
        answer->location = arena_strdup(arena, location);
    curl_slist_free_all(other);
    return end(easy, result, words, err);
}
