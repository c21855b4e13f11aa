/* For LD_PRELOAD: one allocation fails, and the test says which.
 *
 *   cc -O2 -fPIC -shared -o failing_malloc.so failing_malloc.c
 *   LD_PRELOAD=./failing_malloc.so FAILING_MALLOC=FILE convened …
 *
 * FILE holds three 64-bit numbers that both sides see at once: the process
 * meant (0: none), how many of its calls to malloc, calloc and realloc still
 * succeed before one fails, and how many it has made. After the one that
 * fails they succeed again. Whoever then falls over a null pointer is named
 * on stderr, with the calls that led there. */
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct orders {
    _Atomic int64_t pid, left, made;
};

static struct orders nobody;
static struct orders *orders = &nobody;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

#define CALLS 24

static void name_the_fallen(int number)
{
    static const char begin[] = "fell over:\n";
    void *calls[CALLS];

    if (write(STDERR_FILENO, begin, sizeof begin - 1) > 0)
        backtrace_symbols_fd(calls, backtrace(calls, CALLS), STDERR_FILENO);
    signal(number, SIG_DFL);
    raise(number);
}

__attribute__((constructor)) static void read_orders(void)
{
    void *first[1];

    const char *path = getenv("FAILING_MALLOC");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;

    if (fd < 0)
        return;
    void *shared = mmap(NULL, sizeof *orders, PROT_READ | PROT_WRITE,
                        MAP_SHARED, fd, 0);
    close(fd);
    if (shared != MAP_FAILED)
        orders = shared;
    (void)backtrace(first, 1); /* loads what it needs as long as it can */
    signal(SIGSEGV, name_the_fallen);
}

static int fails(void)
{
    if (atomic_load(&orders->pid) != getpid())
        return 0;
    atomic_fetch_add(&orders->made, 1);
    if (atomic_fetch_sub(&orders->left, 1) != 0)
        return 0;
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails() ? NULL : __libc_realloc(old, size);
}
