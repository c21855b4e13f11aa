#include "web/pages/desk_filter.h"

#include <string.h>

#include "daemon/base/arena.h"
#include "daemon/base/parse.h"
#include "daemon/base/str.h"
#include "daemon/base/text.h"
#include "daemon/http/request.h"
#include "daemon/model/registration.h"

#define SEARCH_MOST 200
#define PAGE_NUMBER_MOST 1000000
#define URL_MOST 4096

static const enum registration_state filter_states[] = {
    REG_UNCONFIRMED, REG_PENDING,   REG_REGISTERED,
    REG_WAITING,     REG_CANCELLED, REG_DECLINED,
};

static int read_state(const char *word)
{
    for (size_t i = 0; i < sizeof filter_states / sizeof *filter_states; i++)
        if (strcmp(word, registration_state_word(filter_states[i])) == 0)
            return (int)filter_states[i];
    return -1;
}

static int read_mode(const char *word)
{
    enum mode mode;

    return mode_parse(word, &mode) ? (int)mode : -1;
}

static const char *read_search(const struct request *request)
{
    const char *typed = request_query(request, "q");

    if (!typed)
        return "";
    return text_cut(request->arena, text_clean_line(request->arena, typed),
                    SEARCH_MOST);
}

void desk_filter_read(const struct request *request, struct desk_filter *filter)
{
    const char *state = request_query(request, "state");
    const char *mode = request_query(request, "mode");
    const char *page = request_query(request, "page");

    filter->search = read_search(request);
    filter->state = state ? read_state(state) : -1;
    filter->mode = mode ? read_mode(mode) : -1;
    if (!page || !parse_int(page, 1, PAGE_NUMBER_MOST, &filter->page))
        filter->page = 1;
}

struct registration_filter desk_filter_rows(const struct desk_filter *filter,
                                            int64_t meeting_id)
{
    return (struct registration_filter){ .meeting_id = meeting_id,
                                         .search = filter->search,
                                         .state = filter->state,
                                         .mode = filter->mode };
}

bool desk_filter_narrows(const struct desk_filter *filter)
{
    return *filter->search || filter->state >= 0 || filter->mode >= 0;
}

static void add_parameter(struct str *url, const char *name, const char *value)
{
    str_add_char(url, strchr(url->data, '?') ? '&' : '?');
    str_addf(url, "%s=", name);
    str_add_percent(url, value);
}

char *desk_filter_url(struct arena *arena, const char *path,
                      const struct desk_filter *filter, int64_t page)
{
    struct str url;

    str_init(&url, arena, URL_MOST);
    str_add(&url, path);
    if (*filter->search)
        add_parameter(&url, "q", filter->search);
    if (filter->state >= 0)
        add_parameter(&url, "state",
                      registration_state_word(
                          (enum registration_state)filter->state));
    if (filter->mode >= 0)
        add_parameter(&url, "mode", mode_word((enum mode)filter->mode));
    if (page > 1)
        add_parameter(&url, "page",
                      arena_printf(arena, "%lld", (long long)page));
    return url.data;
}

int64_t desk_page_count(int64_t total, int64_t page_size)
{
    return total <= page_size ? 1 : (total + page_size - 1) / page_size;
}
