#include "daemon/mail/smtp.h"

#include <assert.h>
#include <ctype.h>
#include <curl/curl.h>
#include <event2/event.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "daemon/base/arena.h"
#include "daemon/base/mailbox.h"
#include "daemon/base/mem.h"
#include "daemon/base/str.h"
#include "daemon/base/text.h"

/* One thread for each kept connection. libcurl's multi interface would do
 * with one thread for all, but it waits for the relay's answer to the end of
 * a letter with everything else standing still (smtp_done() in its lib/
 * smtp.c), so that one slow relay would stop the door and SIGTERM too. */

/* Seconds after which an idle connection is closed. */
#define IDLE_MOST 60
#define CONNECT_MOST 30
/* Letters taken on per connection: one under way, one waiting, so that a
 * connection never waits for the door. */
#define TAKEN_PER_LANE 2
/* Seconds for the relay to answer our good-bye. */
#define QUIT_MOST 1
#define REPLY_MOST 512
#define REMARK_MOST 200

/* A letter on its way. Holds a copy of everything it needs. */
struct sending {
    struct parcel parcel;
    struct arena *arena;
    int64_t letter_id;
    const char *from, *to;
    const char *message;
    size_t length, sent;
    char reply[REPLY_MOST]; /* the server's last line */
    bool body_began;        /* the server said 354 */
    enum delivery delivery;
    const char *remark;
};

struct lane {
    struct smtp *smtp;
    pthread_t thread;
    CURL *easy;
    pthread_mutex_t mutex; /* of fd: it may be cut by another thread */
    int fd;                /* -1: not connected */
};

struct smtp {
    const struct settings *settings;
    smtp_done *done;
    void *context;
    char *url;
    char *password;
    struct mailbox *work; /* letters to the lanes */
    struct mailbox *home; /* and back */
    struct event *came_home;
    struct lane *lanes;
    size_t lane_count;
    size_t taken;
    atomic_bool stopping;
};

/* ---- what curl asks of a lane ---- */

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

/* Each line that the server says. curl says QUIT after a refusal, and the
 * answer to that must not hide the refusal. */
static size_t take_reply(char *line, size_t size, size_t count, void *data)
{
    struct sending *sending = data;
    size_t length = size * count;
    size_t n = length < REPLY_MOST - 1 ? length : REPLY_MOST - 1;

    if (length >= 3 && memcmp(line, "221", 3) == 0)
        return length;
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

static int may_go_on(void *data, curl_off_t down_all, curl_off_t down,
                     curl_off_t up_all, curl_off_t up)
{
    const struct lane *lane = data;

    (void)down_all, (void)down, (void)up_all, (void)up;
    return atomic_load(&lane->smtp->stopping) ? 1 : 0;
}

static int take_socket(void *data, curl_socket_t fd, curlsocktype type)
{
    struct lane *lane = data;

    (void)type;
    pthread_mutex_lock(&lane->mutex);
    lane->fd = fd;
    pthread_mutex_unlock(&lane->mutex);
    return CURL_SOCKOPT_OK;
}

static int close_socket(void *data, curl_socket_t fd)
{
    struct lane *lane = data;
    int rc;

    pthread_mutex_lock(&lane->mutex);
    if (lane->fd == fd)
        lane->fd = -1;
    rc = close(fd);
    pthread_mutex_unlock(&lane->mutex);
    return rc;
}

/* Whatever the lane waits for ends at once. */
static void cut(struct lane *lane)
{
    pthread_mutex_lock(&lane->mutex);
    if (lane->fd >= 0)
        (void)shutdown(lane->fd, SHUT_RDWR);
    pthread_mutex_unlock(&lane->mutex);
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
    while (*said) {
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
static bool was_stale(CURL *easy, const struct sending *sending,
                      CURLcode result)
{
    long connects = 1;

    (void)curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connects);
    return connects == 0 && !sending->body_began &&
           !sending->reply[0] && is_lost_connection(result);
}

/* ---- a lane ---- */

#define SET(option, value)                                              \
    do {                                                                \
        CURLcode set_ = curl_easy_setopt(easy, CURLOPT_##option, value); \
        assert(set_ == CURLE_OK);                                       \
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
    if (settings->mail_ca_file && *settings->mail_ca_file)
        SET(CAINFO, settings->mail_ca_file);
}

static void set_times(CURL *easy, const struct settings *settings)
{
    long most = (long)settings->mail_timeout;

    SET(TIMEOUT, most);
    SET(CONNECTTIMEOUT, most < CONNECT_MOST ? most : (long)CONNECT_MOST);
    SET(SERVER_RESPONSE_TIMEOUT, most);
    SET(QUICK_EXIT, 1L); /* an end does not wait for a name server */
}

static void set_callbacks(CURL *easy, struct lane *lane)
{
    SET(READFUNCTION, give_body);
    SET(HEADERFUNCTION, take_reply);
    SET(WRITEFUNCTION, drop_body);
    SET(NOPROGRESS, 0L);
    SET(XFERINFOFUNCTION, may_go_on);
    SET(XFERINFODATA, lane);
    SET(SOCKOPTFUNCTION, take_socket);
    SET(SOCKOPTDATA, lane);
    SET(CLOSESOCKETFUNCTION, close_socket);
    SET(CLOSESOCKETDATA, lane);
}

/* What is the same for every letter. */
static CURL *make_handle(struct lane *lane)
{
    const struct smtp *smtp = lane->smtp;
    const struct settings *settings = smtp->settings;
    CURL *easy = curl_easy_init();

    assert(easy);
    SET(URL, smtp->url);
    SET(PROTOCOLS_STR, "smtp,smtps");
    SET(PROXY, ""); /* the environment has no say */
    SET(NOSIGNAL, 1L);
    SET(UPLOAD, 1L);
    SET(MAXCONNECTS, 1L);
    set_callbacks(easy, lane);
    set_times(easy, settings);
    set_tls(easy, settings);
    if (settings->mail_user && *settings->mail_user) {
        SET(USERNAME, settings->mail_user);
        SET(PASSWORD, smtp->password);
    }
    return easy;
}

static CURLcode attempt(CURL *easy, struct sending *sending, bool afresh)
{
    struct curl_slist *recipient = curl_slist_append(NULL, sending->to);
    CURLcode result;

    assert(recipient);
    SET(MAIL_FROM, sending->from);
    SET(MAIL_RCPT, recipient);
    SET(READDATA, sending);
    SET(HEADERDATA, sending);
    SET(INFILESIZE_LARGE, (curl_off_t)sending->length);
    SET(FRESH_CONNECT, afresh ? 1L : 0L);
    result = curl_easy_perform(easy);
    SET(MAIL_RCPT, NULL);
    curl_slist_free_all(recipient);
    return result;
}

static void send_letter(struct lane *lane, struct sending *sending)
{
    CURLcode result;

    if (!lane->easy)
        lane->easy = make_handle(lane);
    result = attempt(lane->easy, sending, false);
    if (was_stale(lane->easy, sending, result))
        result = attempt(lane->easy, sending, true);
    sending->delivery = judge(sending, result);
    sending->remark = remark_of(sending, result);
}

/* Says good-bye. */
static void hang_up(struct lane *lane)
{
    CURL *easy = lane->easy;

    if (!easy)
        return;
    /* The last letter, to which these point, is gone. */
    SET(HEADERFUNCTION, drop_body);
    SET(SERVER_RESPONSE_TIMEOUT, (long)QUIT_MOST);
    curl_easy_cleanup(easy);
    lane->easy = NULL;
}

static void *work(void *data)
{
    struct lane *lane = data;
    struct smtp *smtp = lane->smtp;

    for (;;) {
        int wait = lane->easy != NULL ? IDLE_MOST * 1000 : -1;
        struct parcel *parcel = mailbox_wait(smtp->work, 1, wait);

        if (parcel) {
            send_letter(lane, (struct sending *)(void *)parcel);
            mailbox_post_chain(smtp->home, parcel, parcel);
            continue;
        }
        hang_up(lane);
        if (mailbox_closed(smtp->work))
            return NULL;
    }
}

/* ---- the loop's side ---- */

static void on_home(evutil_socket_t fd, short what, void *context)
{
    struct smtp *smtp = context;
    struct parcel *parcel = mailbox_take(smtp->home);

    (void)fd;
    (void)what;
    while (parcel) {
        struct sending *sending = (struct sending *)(void *)parcel;
        struct arena *arena = sending->arena;

        parcel = parcel->next;
        smtp->taken--;
        smtp->done(smtp->context, sending->letter_id, sending->delivery,
                   sending->remark);
        arena_free(&arena);
    }
}

void smtp_send(struct smtp *smtp, int64_t letter_id, const char *from,
               const char *to, const char *message, size_t length)
{
    struct arena *arena = arena_new();
    struct sending *sending = ARENA_NEW(arena, struct sending);
    bool posted;

    *sending = (struct sending){
        .arena = arena,
        .letter_id = letter_id,
        .from = arena_strdup(arena, from),
        .to = arena_strdup(arena, to),
        .message = arena_memdup(arena, message, length),
        .length = length,
    };
    smtp->taken++;
    posted = mailbox_post(smtp->work, &sending->parcel);
    assert(posted);
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

/* Signals are for the loop's thread. */
static void start_lanes(struct smtp *smtp)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (size_t i = 0; i < smtp->lane_count; i++) {
        struct lane *lane = &smtp->lanes[i];
        int failed;

        lane->smtp = smtp;
        lane->fd = -1;
        pthread_mutex_init(&lane->mutex, NULL);
        failed = pthread_create(&lane->thread, NULL, work, lane);
        assert(!failed);
        pthread_setname_np(lane->thread, "lane");
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
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
    smtp->settings = settings;
    smtp->done = done;
    smtp->context = context;
    smtp->url = make_url(settings);
    smtp->password = mem_strdup(!password ? "" : password);
    smtp->work = mailbox_new(0);
    smtp->home = mailbox_new(0);
    smtp->came_home = event_new(base, mailbox_fd(smtp->home),
                                EV_READ | EV_PERSIST, on_home, smtp);
    assert(smtp->came_home);
    (void)event_add(smtp->came_home, NULL);
    smtp->lane_count = (size_t)settings->mail_parallel;
    smtp->lanes = mem_new(smtp->lane_count * sizeof *smtp->lanes);
    start_lanes(smtp);
    *out = smtp;
    return RC_OK;
}

static void drop_letters(struct mailbox *box)
{
    struct parcel *parcel = mailbox_take(box);

    while (parcel) {
        struct arena *arena = ((struct sending *)(void *)parcel)->arena;

        parcel = parcel->next;
        arena_free(&arena);
    }
}

/* Lanes that only say good-bye get the time for it. */
static void end_lanes(struct smtp *smtp)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += QUIT_MOST;
    for (size_t i = 0; i < smtp->lane_count; i++) {
        struct lane *lane = &smtp->lanes[i];

        if (pthread_timedjoin_np(lane->thread, NULL, &until) != 0) {
            cut(lane);
            pthread_join(lane->thread, NULL);
        }
        pthread_mutex_destroy(&lane->mutex);
    }
}

void smtp_free(struct smtp **pointer)
{
    struct smtp *smtp = *pointer;

    *pointer = NULL;
    if (!smtp)
        return;
    atomic_store(&smtp->stopping, true);
    drop_letters(smtp->work);
    mailbox_close(smtp->work);
    end_lanes(smtp);
    drop_letters(smtp->home);
    event_free(smtp->came_home);
    mailbox_free(&smtp->work);
    mailbox_free(&smtp->home);
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

const char *smtp_library_tls(void)
{
    const char *name = curl_version_info(CURLVERSION_NOW)->ssl_version;

    return name ? name : "none";
}
