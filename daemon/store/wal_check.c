#include "daemon/store/wal_check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/base/mem.h"
#include "daemon/base/str.h"

/* https://sqlite.org/fileformat2.html#the_write_ahead_log */
#define MAGIC 0x377f0682u /* the last bit: checksums of big-endian words */
#define HEADER 32
#define FRAME_HEADER 24
#define PAGE_LEAST 512
#define PAGE_MOST 65536
#define PAGE_USUAL 4096
#define PATH_CEILING 8192

struct sum {
    uint32_t a, b;
};

struct wal {
    int fd;
    bool big_endian;
    uint32_t page;
    uint8_t salt[8];
    int64_t frames;
    uint8_t *frame; /* the one read last, header and page */
};

static uint32_t big(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
        (uint32_t)at[2] << 8 | at[3];
}

static uint32_t little(const uint8_t *at)
{
    return (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 |
        (uint32_t)at[1] << 8 | at[0];
}

static struct sum add(const struct wal *wal, struct sum sum,
                      const uint8_t *data, size_t length)
{
    for (size_t i = 0; i < length; i += 8) {
        sum.a += (wal->big_endian ? big : little)(data + i) + sum.b;
        sum.b += (wal->big_endian ? big : little)(data + i + 4) + sum.a;
    }
    return sum;
}

static bool same(struct sum one, struct sum other)
{
    return one.a == other.a && one.b == other.b;
}

static struct sum stored(const uint8_t *at)
{
    return (struct sum){ big(at), big(at + 4) };
}

/* Frames count from 0. Their headers alone, if the page is not wanted. */
static bool read_frame(const struct wal *wal, int64_t number, bool page)
{
    size_t length = FRAME_HEADER + (page ? wal->page : 0);
    off_t at = HEADER + number * (off_t)(FRAME_HEADER + wal->page);

    return number < wal->frames &&
           pread(wal->fd, wal->frame, length, at) == (ssize_t)length;
}

static bool is_of_this_log(const struct wal *wal)
{
    return memcmp(wal->frame + 8, wal->salt, sizeof wal->salt) == 0;
}

static struct sum sum_frame(const struct wal *wal, struct sum before)
{
    struct sum sum = add(wal, before, wal->frame, 8);

    return add(wal, sum, wal->frame + FRAME_HEADER, wal->page);
}

static struct sum frame_sum(const struct wal *wal)
{
    return stored(wal->frame + 16);
}

static bool follows(const struct wal *wal, int64_t number, struct sum before)
{
    return read_frame(wal, number, true) &&
           same(sum_frame(wal, before), frame_sum(wal));
}

/* The first frame that does not go on from the one before it. */
static int64_t first_bad(const struct wal *wal, struct sum sum)
{
    int64_t number = 0;

    while (follows(wal, number, sum) && is_of_this_log(wal)) {
        sum = frame_sum(wal);
        number++;
    }
    return number;
}

/* From `bad` on: a commit that a later transaction goes on from. */
static bool was_confirmed(const struct wal *wal, int64_t bad)
{
    for (int64_t number = bad; number + 1 < wal->frames; number++) {
        if (!read_frame(wal, number, false) || !is_of_this_log(wal) ||
            !big(wal->frame + 4)) /* ends no transaction */
            continue;
        struct sum sum = frame_sum(wal);
        if (follows(wal, number + 1, sum) && is_of_this_log(wal))
            return true;
    }
    return false;
}

static bool is_page_size(uint32_t size)
{
    return size >= PAGE_LEAST && size <= PAGE_MOST && !(size & (size - 1));
}

/* Whether the first frame goes on from a head that is wrong now. A head is
 * on the disk before any frame is. */
static bool had_head(struct wal *wal, const uint8_t *header)
{
    for (int i = 0; i < 2; i++, wal->big_endian = !wal->big_endian)
        if (follows(wal, 0, stored(header + 24)) ||
            follows(wal, 0, add(wal, (struct sum){ 0, 0 }, header, 24)))
            return true;
    return false;
}

/* RC_OK: the log may be used, or is none. */
static enum rc check_log(struct wal *wal, const uint8_t *header,
                         const char *path, struct err *err)
{
    struct sum computed = add(wal, (struct sum){ 0, 0 }, header, 24);
    struct sum said = stored(header + 24);

    if (!same(computed, said) || (big(header) & ~1u) != MAGIC)
        return had_head(wal, header)
            ? err_set(err, "%s is damaged in its head", path) : RC_OK;
    int64_t bad = first_bad(wal, said);
    if (!was_confirmed(wal, bad))
        return RC_OK;
    return err_set(err, "%s is damaged in frame %lld of %lld", path,
                   (long long)bad + 1, (long long)wal->frames);
}

static enum rc check_open(struct wal *wal, const char *path, struct err *err)
{
    uint8_t header[HEADER];
    struct stat found;

    if (fstat(wal->fd, &found) != 0)
        return err_set(err, "%s: %s", path, strerror(errno));
    if (pread(wal->fd, header, HEADER, 0) != HEADER)
        return RC_OK; /* nothing was ever confirmed in it */
    wal->big_endian = header[3] & 1;
    wal->page = big(header + 8);
    if (!is_page_size(wal->page))
        wal->page = PAGE_USUAL;
    memcpy(wal->salt, header + 16, sizeof wal->salt);
    wal->frames = (found.st_size - HEADER) / (FRAME_HEADER + wal->page);
    wal->frame = mem_new(FRAME_HEADER + wal->page);
    enum rc rc = check_log(wal, header, path, err);
    mem_free(wal->frame);
    return rc;
}

enum rc wal_check(const char *path, struct err *err)
{
    struct wal wal = { .fd = -1 };
    struct str name;
    enum rc rc = RC_OK;

    str_init(&name, NULL, PATH_CEILING);
    str_addf(&name, "%s-wal", path);
    wal.fd = open(name.data, O_RDONLY | O_CLOEXEC);
    if (wal.fd >= 0) {
        rc = check_open(&wal, name.data, err);
        close(wal.fd);
    } else if (errno != ENOENT) {
        rc = err_set(err, "%s: %s", name.data, strerror(errno));
    }
    str_free(&name);
    return rc;
}
