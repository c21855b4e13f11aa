/* Garbage on the two Unix sockets (OpenSMTPD's CVE-2025-62875): the real
 * doors, with the real writer and database behind them. An even first byte
 * goes to control.sock, an odd one to courier.sock; the rest is what the peer
 * says before it hangs up. No crash, and the doors stay open. */
#include <assert.h>
#include <event2/event.h>
#include <event2/thread.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/base/log.h"
#include "daemon/control.h"
#include "daemon/local.h"
#include "daemon/outgoing.h"
#include "tests/mail_post.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

#define TURNS 200 /* of the loop, until a peer must have been sent away */

struct office {
    struct post *post;
    struct event_base *base;
    struct mailbox *home;
    struct writing *writing;
    struct control *control;
    struct outgoing *outgoing;
};

static void open_doors(struct office *office)
{
    struct house *house = office->post->house;

    house_expect(house, RC_OK,
                 control_open(office->base, &house->settings,
                              office->post->keys, house->reader,
                              office->writing, office->home,
                              &office->control, &house->err),
                 "control_open", __FILE__, __LINE__);
    house_expect(house, RC_OK,
                 outgoing_open(office->base, &house->settings,
                               office->post->keys, house->reader,
                               office->writing, office->home,
                               eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC),
                               &office->outgoing, &house->err),
                 "outgoing_open", __FILE__, __LINE__);
}

/* One office for all inputs: what an input does stays, as in a server. */
static struct office *own_office(void)
{
    static struct office office;
    void *post;

    if (office.base)
        return &office;
    log_open("fuzz", LOG_LEVEL_ERROR);
    evthread_use_pthreads();
    int failed = post_open(&post);
    assert(!failed);
    office.post = post;
    office.post->house->settings.run_dir = office.post->house->folder;
    office.base = event_base_new();
    office.home = mailbox_new(0);
    office.writing = writing_start(office.post->house->writer, 64, -1);
    open_doors(&office);
    return &office;
}

static int knock(const struct office *office, const char *name)
{
    struct sockaddr_un address;
    struct err err;
    char path[128];
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    snprintf(path, sizeof path, "%s/%s", office->post->house->folder, name);
    enum rc rc = local_address(path, &address, &err);
    assert(rc == RC_OK && fd >= 0);
    int failed = connect(fd, (struct sockaddr *)&address, sizeof address);
    assert(!failed);
    return fd;
}

static void turn(const struct office *office)
{
    struct pollfd home = { mailbox_fd(office->home), POLLIN, 0 };

    event_base_loop(office->base, EVLOOP_NONBLOCK);
    if (poll(&home, 1, 0) > 0)
        writing_come_home(office->home);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const struct office *office = own_office();
    char heard[4096];
    ssize_t got = -1;

    if (size < 1)
        return 0;
    int fd = knock(office, data[0] & 1 ? "courier.sock" : "control.sock");
    ssize_t said = send(fd, data + 1, size - 1, MSG_NOSIGNAL);
    assert(said == (ssize_t)size - 1);
    shutdown(fd, SHUT_WR);
    for (int i = 0; i < TURNS && got != 0; i++) {
        turn(office);
        got = recv(fd, heard, sizeof heard, 0);
    }
    assert(got == 0); /* it was sent away */
    close(fd);
    turn(office);
    return 0;
}
