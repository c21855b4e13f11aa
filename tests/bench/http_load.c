/* Many visitors in one cheap loop: each asks, waits for the answer, asks
 * again. Prints one line of JSON: how many answers, how long they took (from
 * the request's first byte to the answer's last), what the loop itself cost.
 *
 * http_load get  PORT PATH CONNECTIONS SECONDS [keep|new|same|paced]
 * http_load form PORT PATH CONNECTIONS COUNT FIRST-NUMBER
 * http_load idle PORT PATH CONNECTIONS SECONDS
 *
 * get: keep-alive, or a new connection for each request, or asking with the
 * ETag (304), or one visitor who asks every two milliseconds, whatever the
 * last answer took, and so meets each pause as often as it is long. form:
 * each visitor reads the form for its stamp, then COUNT different people
 * register. idle: connections that asked once and stay. */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/base/clock.h"
#include "daemon/base/mem.h"
#include "daemon/base/parse.h"

#define SLOWEST_US 2000000
#define REQUEST_ROOM 2048
#define ANSWER_ROOM (512 * 1024)
#define STAMP_ROOM 128
#define PACE_US 2000

enum kind { GET_KEEP, GET_NEW, GET_SAME, GET_PACED, FORM, IDLE };

struct client {
    int fd;
    bool has_stamp;
    char stamp[STAMP_ROOM];
    int64_t asked_at;
    size_t got;        /* bytes of the answer so far */
    size_t whole;      /* its length with the head; 0: not known yet */
    size_t head_room;  /* of `head` that is filled */
    char head[4096];   /* the first bytes of the answer */
};

struct load {
    enum kind kind;
    int port, poll;
    const char *path;
    int64_t connections, until_us, count, begun, next_number;
    int64_t answers, wrong, broken, bytes;
    char etag[128];
    char get[REQUEST_ROOM];
    size_t get_length;
    struct client *clients;
    uint32_t *times; /* how many answers took so many microseconds */
    char scratch[ANSWER_ROOM];
};

static void give_up(const char *what)
{
    (void)fprintf(stderr, "http_load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int64_t number_of(const char *text)
{
    int64_t number = 0;

    if (!parse_int(text, 0, INT64_MAX, &number)) {
        (void)fprintf(stderr, "http_load: not a number: %s\n", text);
        exit(64);
    }
    return number;
}

static void connect_client(struct load *load, struct client *client)
{
    struct sockaddr_in to = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)load->port),
                              .sin_addr = { htonl(INADDR_LOOPBACK) } };
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = client };
    int on = 1;

    client->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client->fd < 0)
        give_up("socket");
    setsockopt(client->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (connect(client->fd, (struct sockaddr *)&to, sizeof to) != 0)
        give_up("connect");
    if (epoll_ctl(load->poll, EPOLL_CTL_ADD, client->fd, &event) != 0)
        give_up("epoll");
}

static void prepare_get(struct load *load)
{
    int length = snprintf(
        load->get, sizeof load->get,
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s%s%s%s"
        "User-Agent: bench\r\nAccept: */*\r\n\r\n",
        load->path, load->port,
        load->kind == GET_NEW ? "Connection: close\r\n" : "",
        load->etag[0] ? "If-None-Match: " : "", load->etag,
        load->etag[0] ? "\r\n" : "");

    if (length < 0 || (size_t)length >= sizeof load->get)
        give_up("the path is too long");
    load->get_length = (size_t)length;
}

static size_t write_form(struct load *load, const struct client *client,
                         char request[REQUEST_ROOM])
{
    /* Some are plain letters, some are not. */
    static const char *const names[] = {
        "M%C3%BCller", "Schmidt", "%C5%81%C4%99cka", "Weber", "Wagner",
        "%C3%96zil", "Abt"
    };
    char body[REQUEST_ROOM / 2];
    long long number = load->next_number++;
    int length = snprintf(
        body, sizeof body,
        "stamp=%s&given-name=Anna&family-name=%s-%lld"
        "&email=person%lld%%40example.org&title=&position="
        "&organisation=Handwerkskammer+Beispiel&mode=onsite&invite=1",
        client->stamp, names[number % 7], number, number);
    int whole = snprintf(
        request, REQUEST_ROOM,
        "POST %s/register HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n"
        "User-Agent: bench\r\nAccept: text/html\r\n"
        "Sec-Fetch-Site: same-origin\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        "Content-Length: %d\r\n\r\n%s",
        load->path, load->port, length, body);

    if (length < 0 || (size_t)length >= sizeof body || whole < 0 ||
        whole >= REQUEST_ROOM)
        give_up("the form is too long");
    return (size_t)whole;
}

static void ask(struct load *load, struct client *client)
{
    char form[REQUEST_ROOM];
    const char *bytes = load->get;
    size_t length = load->get_length;

    if (load->kind == FORM && client->has_stamp) {
        length = write_form(load, client, form);
        bytes = form;
    }
    client->got = client->whole = client->head_room = 0;
    client->asked_at = clock_ticks_us();
    if (send(client->fd, bytes, length, MSG_NOSIGNAL) != (ssize_t)length)
        give_up("send");
}

static void forget(struct load *load, struct client *client)
{
    close(client->fd); /* which also takes it out of the poller */
    client->fd = -1;
    if (load->kind == GET_NEW)
        connect_client(load, client);
}

/* What follows `name` in the head, up to the end of its line. */
static void field_value(const char *head, const char *name, char *value,
                        size_t room)
{
    const char *at = strcasestr(head, name);
    size_t length = at ? strcspn(at + strlen(name), "\r\n") : 0;

    value[0] = '\0';
    if (!at || length >= room)
        return;
    memcpy(value, at + strlen(name), length);
    value[length] = '\0';
}

static void read_head(struct client *client)
{
    char length[24];
    char *end = strstr(client->head, "\r\n\r\n");

    if (!end)
        return;
    *end = '\0';
    field_value(client->head, "\r\nContent-Length: ", length, sizeof length);
    client->whole = (size_t)(end + 4 - client->head) +
        (size_t)(length[0] ? number_of(length) : 0);
}

static bool is_right(const struct load *load, const struct client *client)
{
    int status = 0;

    if (strncmp(client->head, "HTTP/1.1 ", 9) == 0)
        for (int i = 9; i < 12; i++)
            status = status * 10 + client->head[i] - '0';
    if (load->kind == FORM && client->has_stamp)
        return status == 303 && strstr(client->head, "/done/");
    return status == (load->etag[0] ? 304 : 200);
}

/* The page is in `scratch` as a whole when it is the first. */
static void take_stamp(struct load *load, struct client *client)
{
    static const char before[] = "name=\"stamp\" value=\"";
    const char *at = strstr(load->scratch, before);
    size_t length = at ? strcspn(at + strlen(before), "\"") : 0;

    if (!at || length >= sizeof client->stamp) {
        (void)fputs("http_load: no form on that page\n", stderr);
        exit(1);
    }
    memcpy(client->stamp, at + strlen(before), length);
    client->stamp[length] = '\0';
    client->has_stamp = true;
}

static void note_time(struct load *load, const struct client *client)
{
    int64_t took = clock_ticks_us() - client->asked_at;

    load->times[took < SLOWEST_US ? took : SLOWEST_US - 1]++;
    load->answers++;
    load->bytes += (int64_t)client->whole;
    if (!is_right(load, client)) {
        if (load->wrong++ == 0)
            (void)fprintf(stderr, "http_load: %.200s\n", client->head);
    }
}

static bool may_ask(const struct load *load)
{
    return load->kind == FORM ? load->begun < load->count
                              : clock_ticks_us() < load->until_us;
}

static void ask_next(struct load *load, struct client *client)
{
    if (may_ask(load)) {
        load->begun++;
        ask(load, client);
    }
}

/* More bytes of an answer; one buffer for all, since only the first page of a
 * visitor is looked into, and that one is read in one go. */
static void receive(struct load *load, struct client *client)
{
    size_t at = load->kind == FORM && !client->has_stamp ? client->got : 0;
    ssize_t got = recv(client->fd, load->scratch + at,
                       sizeof load->scratch - 1 - at, 0);

    if (got <= 0) {
        load->broken += client->whole == 0 || client->got < client->whole;
        forget(load, client);
        if (load->kind == GET_NEW)
            ask_next(load, client);
        return;
    }
    load->scratch[at + (size_t)got] = '\0';
    if (client->whole == 0) {
        size_t room = sizeof client->head - 1 - client->head_room;
        size_t take = (size_t)got < room ? (size_t)got : room;

        memcpy(client->head + client->head_room, load->scratch + at, take);
        client->head_room += take;
        client->head[client->head_room] = '\0';
        read_head(client);
    }
    client->got += (size_t)got;
    if (client->whole == 0 || client->got < client->whole)
        return;
    if (load->kind == FORM && !client->has_stamp) {
        take_stamp(load, client);
        return;
    }
    note_time(load, client);
    if (load->kind != GET_NEW && /* the other end closes that one */
        load->kind != GET_PACED)
        ask_next(load, client);
}

static void turn(struct load *load, int wait_ms)
{
    struct epoll_event events[256];
    int count = epoll_wait(load->poll, events, 256, wait_ms);

    for (int i = 0; i < count; i++)
        receive(load, events[i].data.ptr);
}

/* One after the other, since each page is read into the same room. */
static void fetch_stamps(struct load *load)
{
    for (int64_t i = 0; i < load->connections; i++) {
        ask(load, &load->clients[i]);
        while (!load->clients[i].has_stamp)
            turn(load, -1);
    }
}

static void fetch_etag(struct load *load)
{
    struct client *client = &load->clients[0];

    ask(load, client);
    while (client->whole == 0 || client->got < client->whole) {
        ssize_t got = recv(client->fd, load->scratch, sizeof load->scratch,
                           0);
        if (got <= 0)
            give_up("no answer");
        if (client->whole == 0) {
            memcpy(client->head, load->scratch,
                   (size_t)got < sizeof client->head - 1
                       ? (size_t)got : sizeof client->head - 1);
            read_head(client);
        }
        client->got += (size_t)got;
    }
    field_value(client->head, "\r\nETag: ", load->etag, sizeof load->etag);
    prepare_get(load);
}

static int64_t percentile(const struct load *load, double part)
{
    int64_t wanted = (int64_t)((double)load->answers * part), seen = 0;

    for (int64_t us = 0; us < SLOWEST_US; us++) {
        seen += load->times[us];
        if (seen > wanted)
            return us;
    }
    return SLOWEST_US;
}

static void report(const struct load *load, int64_t took_us)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    double cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) *
        1e6 + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
    printf("{\"answers\": %lld, \"wrong\": %lld, \"broken\": %lld,"
           " \"seconds\": %.4f, \"bytes\": %lld, \"p50_us\": %lld,"
           " \"p99_us\": %lld, \"p999_us\": %lld, \"own_cpu_us\": %.0f}\n",
           (long long)load->answers, (long long)load->wrong,
           (long long)load->broken, (double)took_us / 1e6,
           (long long)load->bytes, (long long)percentile(load, 0.5),
           (long long)percentile(load, 0.99),
           (long long)percentile(load, 0.999), cpu);
}

static void run_paced(struct load *load)
{
    int64_t start = clock_ticks_us();

    for (int64_t next = start; next < start + load->count * 1000000;
         next += PACE_US) {
        int64_t early = next - clock_ticks_us();

        if (early > 0)
            (void)usleep((useconds_t)early);
        load->begun++;
        ask(load, &load->clients[0]);
        while (load->answers + load->broken < load->begun)
            turn(load, -1);
    }
    report(load, clock_ticks_us() - start);
}

/* All ask at once; then each asks again as soon as it has its answer. */
static void run(struct load *load)
{
    int64_t start = clock_ticks_us();

    if (load->kind != FORM)
        load->until_us = start + load->count * 1000000;
    for (int64_t i = 0; i < load->connections; i++)
        ask_next(load, &load->clients[i]);
    while (load->kind == FORM
               ? load->answers + load->broken < load->count
               : clock_ticks_us() < load->until_us)
        turn(load, 100);
    report(load, clock_ticks_us() - start);
}

/* Each asks once and stays; a line says when all are there. */
static void stay(struct load *load)
{
    for (int64_t i = 0; i < load->connections; i++) {
        ask(load, &load->clients[i]);
        while (load->answers + load->broken <= i)
            turn(load, -1);
    }
    report(load, 1);
    (void)fflush(stdout);
    (void)sleep((unsigned)load->count);
}

int main(int argc, char **argv)
{
    struct load *load = mem_new(sizeof *load);
    struct rlimit files;

    if (argc < 6) {
        (void)fputs("usage: http_load get|form|idle PORT PATH CONNECTIONS "
                    "SECONDS|COUNT [keep|new|same|FIRST-NUMBER]\n", stderr);
        return 64;
    }
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    load->kind = strcmp(argv[1], "form") == 0 ? FORM
        : strcmp(argv[1], "idle") == 0 ? IDLE
        : argc > 6 && strcmp(argv[6], "new") == 0 ? GET_NEW
        : argc > 6 && strcmp(argv[6], "same") == 0 ? GET_SAME
        : argc > 6 && strcmp(argv[6], "paced") == 0 ? GET_PACED : GET_KEEP;
    load->port = (int)number_of(argv[2]);
    load->path = argv[3];
    load->connections = number_of(argv[4]);
    load->count = number_of(argv[5]);
    load->next_number = load->kind == FORM && argc > 6 ? number_of(argv[6])
                                                       : 0;
    load->poll = epoll_create1(EPOLL_CLOEXEC);
    load->times = mem_new(SLOWEST_US * sizeof *load->times);
    load->clients = mem_new((size_t)load->connections *
                            sizeof *load->clients);
    prepare_get(load);
    for (int64_t i = 0; i < load->connections; i++)
        connect_client(load, &load->clients[i]);
    if (load->kind == FORM)
        fetch_stamps(load);
    if (load->kind == GET_SAME)
        fetch_etag(load);
    if (load->kind == IDLE)
        stay(load);
    else if (load->kind == GET_PACED)
        run_paced(load);
    else
        run(load);
    return load->wrong + load->broken > 0;
}
