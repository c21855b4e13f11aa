#include "daemon/mail/smtp.h"

#include <assert.h>
#include <ctype.h>
#include <curl/curl.h>
#include <event2/event.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/mem.h"
#include "daemon/base/str.h"
#include "daemon/base/text.h"

/* Connections that were idle for longer are not trusted with a letter. */
#define IDLE_MOST 60L
#define CONNECT_MOST 30
/* Letters taken on per connection: one under way, one waiting, so that a
 * connection never waits for the door. */
#define TAKEN_PER_LANE 2
#define REPLY_MOST 512
#define REMARK_MOST 200

/* A letter on its way. Holds a copy of everything it needs. */
struct sending {
    struct sending *next;
    struct arena *arena;
    int64_t letter_id;
    const char *from, *to;
    const char *message;
    size_t length, sent;
    char reply[REPLY_MOST]; /* the server's last line */
    bool body_began;        /* the server said 354 */
    bool again;             /* this is the second try, on a new connection */
};

/* An easy handle that is kept, and what it is busy with. */
struct lane {
    CURL *easy;
    struct curl_slist *recipient;
    struct sending *sending; /* NULL: idle */
};

struct smtp {
    struct event_base *base;
    CURLM *multi;
    struct event *timer;
    const struct settings *settings;
    smtp_done *done;
    void *context;
    char *url;
    char *password;
    struct lane *lanes;
    size_t lane_count;
    struct sending *waiting, **waiting_end;
    size_t taken;
};

/* ---- what curl asks of us ---- */

static size_t give_body(char *buffer, size_t size, size_t count, void *data)
{
    struct sending *sending = data;
    size_t room = size * count;
    size_t left = sending->length - sending->sent;
    size_t n = left < room ? left : room;

    sending->body_began = true;
    memcpy(buffer, sending->message + sending->sent, n);
    sending->sent += n;
    return n;
}

/* Each line that the server says. */
static size_t take_reply(char *line, size_t size, size_t count, void *data)
{
    struct sending *sending = data;
    size_t length = size * count;
    size_t n = length < REPLY_MOST - 1 ? length : REPLY_MOST - 1;

    memcpy(sending->reply, line, n);
    while (n > 0 && (sending->reply[n - 1] == '\n' ||
                     sending->reply[n - 1] == '\r'))
        n--;
    sending->reply[n] = '\0';
    return length;
}

static size_t drop_body(char *bytes, size_t size, size_t count, void *data)
{
    (void)bytes;
    (void)data;
    return size * count;
}

static void look_for_finished(struct smtp *);

static void on_socket(evutil_socket_t fd, short what, void *data)
{
    struct smtp *smtp = data;
    int actions = ((what & EV_READ) ? CURL_CSELECT_IN : 0) |
                  ((what & EV_WRITE) ? CURL_CSELECT_OUT : 0);
    int running;

    (void)curl_multi_socket_action(smtp->multi, fd, actions, &running);
    look_for_finished(smtp);
}

static void on_timer(evutil_socket_t fd, short what, void *data)
{
    struct smtp *smtp = data;
    int running;

    (void)fd;
    (void)what;
    (void)curl_multi_socket_action(smtp->multi, CURL_SOCKET_TIMEOUT, 0,
                                   &running);
    look_for_finished(smtp);
}

static int watch_socket(CURL *easy, curl_socket_t fd, int what, void *data,
                        void *watched)
{
    struct smtp *smtp = data;
    struct event *event = watched;
    short flags = EV_PERSIST;

    (void)easy;
    if (event != NULL)
        event_free(event);
    event = NULL;
    if (what != CURL_POLL_REMOVE) {
        if (what & CURL_POLL_IN)
            flags |= EV_READ;
        if (what & CURL_POLL_OUT)
            flags |= EV_WRITE;
        event = event_new(smtp->base, fd, flags, on_socket, smtp);
        assert(event != NULL);
        (void)event_add(event, NULL);
    }
    (void)curl_multi_assign(smtp->multi, fd, event);
    return 0;
}

static int set_timer(CURLM *multi, long ms, void *data)
{
    struct smtp *smtp = data;
    struct timeval wait = { .tv_sec = ms / 1000,
                            .tv_usec = (ms % 1000) * 1000 };

    (void)multi;
    if (ms < 0)
        event_del(smtp->timer);
    else
        event_add(smtp->timer, &wait);
    return 0;
}

/* ---- what became of it ---- */

static int reply_code(const char *reply)
{
    if (!isdigit((unsigned char)reply[0]) ||
        !isdigit((unsigned char)reply[1]) ||
        !isdigit((unsigned char)reply[2]))
        return 0;
    return (reply[0] - '0') * 100 + (reply[1] - '0') * 10 + (reply[2] - '0');
}

/* RFC 4954: the server wants us to sign in, or otherwise. The operator's
 * affair; the letter can wait until it is mended. */
static bool is_about_login(int code)
{
    return code == 530 || code == 534 || code == 535 || code == 538;
}

/* A 5xx counts against the letter only if it answered MAIL, RCPT or DATA:
 * curl says so by CURLE_SEND_ERROR, and for the end of the body by
 * CURLE_WEIRD_SERVER_REPLY, which it also uses for a greeting. */
static enum delivery judge(const struct sending *sending, CURLcode result)
{
    int code = reply_code(sending->reply);

    if (result == CURLE_OK)
        return DELIVERY_SENT;
    if (code < 500 || code > 599 || is_about_login(code))
        return DELIVERY_LATER;
    if (result == CURLE_SEND_ERROR)
        return DELIVERY_REFUSED;
    if (result == CURLE_WEIRD_SERVER_REPLY && sending->body_began)
        return DELIVERY_REFUSED;
    return DELIVERY_LATER;
}

/* How much of `text` names the recipient: the whole address, or its local
 * part as a word of its own. */
static size_t names_recipient(const char *text, bool word_begins,
                              const char *to)
{
    size_t whole = strlen(to), local = strcspn(to, "@");

    if (strncasecmp(text, to, whole) == 0)
        return whole;
    if (word_begins && strncasecmp(text, to, local) == 0 &&
        !isalnum((unsigned char)text[local]))
        return local;
    return 0;
}

/* Relays repeat the recipient; a remark is kept and shown, so it must not.
 * What is not printable ASCII is none of RFC 5321. */
static char *remark_of(const struct sending *sending, CURLcode result)
{
    const char *said = sending->reply;
    bool word_begins = true;
    struct str remark;

    str_init(&remark, sending->arena, 4 * REPLY_MOST);
    if (result != CURLE_OK && reply_code(said) < 400)
        said = curl_easy_strerror(result);
    while (*said != '\0') {
        size_t named = names_recipient(said, word_begins, sending->to);

        if (named > 0)
            str_add(&remark, "…");
        else
            str_add_char(&remark, isprint((unsigned char)*said) ? *said
                                                                : '?');
        word_begins = named == 0 && !isalnum((unsigned char)*said);
        said += named > 0 ? named : 1;
    }
    return text_cut(sending->arena, remark.data, REMARK_MOST);
}

static bool is_lost_connection(CURLcode result)
{
    return result == CURLE_SEND_ERROR || result == CURLE_RECV_ERROR ||
           result == CURLE_GOT_NOTHING;
}

/* A kept connection that the server closed meanwhile says nothing at all;
 * that is no failed attempt. */
static bool deserves_another(const struct lane *lane, CURLcode result)
{
    const struct sending *sending = lane->sending;
    long connects = 1;

    (void)curl_easy_getinfo(lane->easy, CURLINFO_NUM_CONNECTS, &connects);
    return connects == 0 && !sending->again && !sending->body_began &&
           sending->reply[0] == '\0' && is_lost_connection(result);
}

static void start(struct smtp *, struct lane *, struct sending *);

static void start_waiting(struct smtp *smtp, struct lane *lane)
{
    struct sending *next = smtp->waiting;

    if (next == NULL)
        return;
    smtp->waiting = next->next;
    if (smtp->waiting == NULL)
        smtp->waiting_end = &smtp->waiting;
    start(smtp, lane, next);
}

static void finish(struct smtp *smtp, struct lane *lane, CURLcode result)
{
    struct sending *sending = lane->sending;
    enum delivery delivery = judge(sending, result);

    curl_multi_remove_handle(smtp->multi, lane->easy);
    curl_slist_free_all(lane->recipient);
    lane->recipient = NULL;
    if (deserves_another(lane, result)) {
        sending->again = true;
        start(smtp, lane, sending);
        return;
    }
    lane->sending = NULL;
    smtp->taken--;
    start_waiting(smtp, lane);
    smtp->done(smtp->context, sending->letter_id, delivery,
               remark_of(sending, result));
    arena_free(&sending->arena);
}

static void look_for_finished(struct smtp *smtp)
{
    CURLMsg *message;
    int left;

    while ((message = curl_multi_info_read(smtp->multi, &left)) != NULL) {
        char *lane = NULL;
        CURLcode result = message->data.result;

        if (message->msg != CURLMSG_DONE)
            continue;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
                                &lane);
        finish(smtp, (struct lane *)(void *)lane, result);
    }
}

/* ---- sending ---- */

#define SET(option, value)                                             \
    do {                                                               \
        CURLcode set_ = curl_easy_setopt(easy, CURLOPT_##option, (value)); \
        assert(set_ == CURLE_OK);                                      \
    } while (0)

/* TLS as asked for or nothing (RELIABILITY section 5). */
static void set_tls(CURL *easy, const struct settings *settings)
{
    SET(USE_SSL, settings->mail_tls == MAIL_TLS_REQUIRED
                     ? (long)CURLUSESSL_ALL
                     : (long)CURLUSESSL_NONE);
    SET(SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    SET(SSL_VERIFYPEER, 1L);
    SET(SSL_VERIFYHOST, 2L);
    if (settings->mail_ca_file != NULL && *settings->mail_ca_file != '\0')
        SET(CAINFO, settings->mail_ca_file);
}

/* What is the same for every letter. */
static CURL *make_handle(struct smtp *smtp, struct lane *lane)
{
    const struct settings *settings = smtp->settings;
    int64_t connect = settings->mail_timeout < CONNECT_MOST
                          ? settings->mail_timeout
                          : CONNECT_MOST;
    CURL *easy = curl_easy_init();

    assert(easy != NULL);
    SET(URL, smtp->url);
    SET(PROTOCOLS_STR, "smtp,smtps");
    SET(PROXY, ""); /* the environment has no say */
    SET(NOSIGNAL, 1L);
    SET(UPLOAD, 1L);
    SET(READFUNCTION, give_body);
    SET(HEADERFUNCTION, take_reply);
    SET(WRITEFUNCTION, drop_body);
    SET(PRIVATE, lane);
    SET(TIMEOUT, (long)settings->mail_timeout);
    SET(CONNECTTIMEOUT, (long)connect);
    SET(MAXAGE_CONN, IDLE_MOST);
    set_tls(easy, settings);
    if (settings->mail_user != NULL && *settings->mail_user != '\0') {
        SET(USERNAME, settings->mail_user);
        SET(PASSWORD, smtp->password);
    }
    return easy;
}

static void start(struct smtp *smtp, struct lane *lane,
                  struct sending *sending)
{
    CURL *easy = lane->easy;
    CURLMcode added;

    sending->next = NULL;
    lane->sending = sending;
    lane->recipient = curl_slist_append(NULL, sending->to);
    assert(lane->recipient != NULL);
    SET(MAIL_FROM, sending->from);
    SET(MAIL_RCPT, lane->recipient);
    SET(READDATA, sending);
    SET(HEADERDATA, sending);
    SET(INFILESIZE_LARGE, (curl_off_t)sending->length);
    SET(FRESH_CONNECT, sending->again ? 1L : 0L);
    added = curl_multi_add_handle(smtp->multi, easy);
    assert(added == CURLM_OK);
}

void smtp_send(struct smtp *smtp, int64_t letter_id, const char *from,
               const char *to, const char *message, size_t length)
{
    struct arena *arena = arena_new();
    struct sending *sending = ARENA_NEW(arena, struct sending);

    *sending = (struct sending){
        .arena = arena,
        .letter_id = letter_id,
        .from = arena_strdup(arena, from),
        .to = arena_strdup(arena, to),
        .message = arena_memdup(arena, message, length),
        .length = length,
    };
    smtp->taken++;
    for (size_t i = 0; i < smtp->lane_count; i++)
        if (smtp->lanes[i].sending == NULL) {
            start(smtp, &smtp->lanes[i], sending);
            return;
        }
    *smtp->waiting_end = sending;
    smtp->waiting_end = &sending->next;
}

int smtp_room(const struct smtp *smtp)
{
    size_t most = smtp->lane_count * TAKEN_PER_LANE;

    return smtp->taken < most ? (int)(most - smtp->taken) : 0;
}

/* ---- its life ---- */

/* The path of an smtp: address is what curl says in EHLO. */
static char *make_url(const struct settings *settings)
{
    const char *relay = settings->mail_relay;
    size_t length = strlen(relay);
    struct str url;

    while (length > 0 && relay[length - 1] == '/')
        length--;
    str_init(&url, NULL, 2048);
    str_addf(&url, "%.*s/%s", (int)length, relay, settings->mail_domain);
    assert(!url.overflow);
    return url.data;
}

static void make_multi(struct smtp *smtp)
{
    CURLM *multi = curl_multi_init();
    long lanes = (long)smtp->lane_count;

    assert(multi != NULL);
    smtp->multi = multi;
    (void)curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
    (void)curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, smtp);
    (void)curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, set_timer);
    (void)curl_multi_setopt(multi, CURLMOPT_TIMERDATA, smtp);
    (void)curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, lanes);
}

enum rc smtp_new(struct event_base *base, const struct settings *settings,
                 const char *password, smtp_done *done, void *context,
                 struct smtp **out, struct err *err)
{
    struct smtp *smtp;

    if (strncmp(settings->mail_relay, "smtp://", 7) != 0 &&
        strncmp(settings->mail_relay, "smtps://", 8) != 0)
        return err_set(err, "mail.relay: begins with neither smtp:// nor "
                            "smtps://");
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return err_set(err, "libcurl does not start");
    smtp = mem_new(sizeof *smtp);
    smtp->base = base;
    smtp->settings = settings;
    smtp->done = done;
    smtp->context = context;
    smtp->url = make_url(settings);
    smtp->password = mem_strdup(password == NULL ? "" : password);
    smtp->waiting_end = &smtp->waiting;
    smtp->timer = evtimer_new(base, on_timer, smtp);
    assert(smtp->timer != NULL);
    smtp->lane_count = (size_t)settings->mail_parallel;
    smtp->lanes = mem_new(smtp->lane_count * sizeof *smtp->lanes);
    make_multi(smtp);
    for (size_t i = 0; i < smtp->lane_count; i++)
        smtp->lanes[i].easy = make_handle(smtp, &smtp->lanes[i]);
    *out = smtp;
    return RC_OK;
}

static void close_lane(struct smtp *smtp, struct lane *lane)
{
    if (lane->sending != NULL) {
        curl_multi_remove_handle(smtp->multi, lane->easy);
        curl_slist_free_all(lane->recipient);
        arena_free(&lane->sending->arena);
    }
    curl_easy_cleanup(lane->easy);
}

void smtp_free(struct smtp **pointer)
{
    struct smtp *smtp = *pointer;

    *pointer = NULL;
    if (smtp == NULL)
        return;
    for (size_t i = 0; i < smtp->lane_count; i++)
        close_lane(smtp, &smtp->lanes[i]);
    curl_multi_cleanup(smtp->multi);
    while (smtp->waiting != NULL) {
        struct arena *arena = smtp->waiting->arena;

        smtp->waiting = smtp->waiting->next;
        arena_free(&arena);
    }
    event_free(smtp->timer);
    mem_free(smtp->lanes);
    mem_free(smtp->url);
    mem_free(smtp->password);
    mem_free(smtp);
    curl_global_cleanup();
}

const char *smtp_library_version(void)
{
    return curl_version_info(CURLVERSION_NOW)->version;
}
