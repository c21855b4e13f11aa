#include "daemon/base/parse.h"

#include <stdio.h>
#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits at *at, as far as they go; false if there is none or too much. */
static bool take_digits(const char **at, int64_t *value)
{
    const char *start = *at;

    *value = 0;
    while (is_digit(**at)) {
        int64_t digit = **at - '0';

        if (*value > (INT64_MAX - digit) / 10)
            return false;
        *value = *value * 10 + digit;
        (*at)++;
    }
    return *at != start;
}

bool parse_int(const char *text, int64_t min, int64_t max, int64_t *value)
{
    bool negative = *text == '-';
    const char *at = text + negative;
    int64_t read;

    if (!take_digits(&at, &read) || *at)
        return false;
    if (negative)
        read = -read;
    if (read < min || read > max)
        return false;
    *value = read;
    return true;
}

bool parse_bool(const char *text, bool *value)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = {
        { "yes", true }, { "true", true },   { "on", true },
        { "no", false }, { "false", false }, { "off", false },
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(text, words[i].word) == 0) {
            *value = words[i].value;
            return true;
        }
    return false;
}

struct unit {
    const char *word;
    int64_t factor;
};

static bool parse_with_unit(const char *text, const struct unit *units,
                            int64_t *value)
{
    const char *at = text;
    int64_t read;

    if (!take_digits(&at, &read))
        return false;
    while (*at == ' ')
        at++;
    for (const struct unit *unit = units; unit->word; unit++)
        if (strcmp(at, unit->word) == 0) {
            if (read > INT64_MAX / unit->factor)
                return false;
            *value = read * unit->factor;
            return true;
        }
    return false;
}

bool parse_size(const char *text, int64_t *value)
{
    static const struct unit units[] = {
        { "", 1 },
        { "B", 1 },
        { "KiB", INT64_C(1) << 10 },
        { "MiB", INT64_C(1) << 20 },
        { "GiB", INT64_C(1) << 30 },
        { NULL, 0 },
    };

    return parse_with_unit(text, units, value);
}

bool parse_duration(const char *text, int64_t *value)
{
    static const struct unit units[] = {
        { "s", 1 },       { "min", 60 },      { "h", 3600 },
        { "d", 86400 },   { "w", 7 * 86400 }, { NULL, 0 },
    };

    return parse_with_unit(text, units, value);
}

static int hex_value(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool parse_percent(char *text, size_t length, bool plus_is_space,
                   size_t *decoded_length)
{
    size_t to = 0;

    for (size_t from = 0; from < length; from++, to++) {
        char c = text[from];

        if (c == '%') {
            if (length - from < 3)
                return false;
            int high = hex_value(text[from + 1]);
            int low = hex_value(text[from + 2]);
            if (high < 0 || low < 0)
                return false;
            c = (char)(high << 4 | low);
            from += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        if (!c)
            return false;
        text[to] = c;
    }
    if (to < length)
        text[to] = '\0';
    *decoded_length = to;
    return true;
}

/* Exactly `width` digits. */
static bool take_field(const char **at, int width, int *value)
{
    *value = 0;
    for (int i = 0; i < width; i++, (*at)++) {
        if (!is_digit(**at))
            return false;
        *value = *value * 10 + (**at - '0');
    }
    return true;
}

static bool take_char(const char **at, char wanted)
{
    if (**at != wanted)
        return false;
    (*at)++;
    return true;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30,
                                31, 31, 30, 31, 30, 31 };

    return days[month - 1] + (month == 2 && is_leap(year));
}

static bool civil_exists(const struct civil *c)
{
    return c->year >= 1 && c->month >= 1 && c->month <= 12 && c->day >= 1 &&
           c->day <= days_in(c->year, c->month) && c->hour <= 23 &&
           c->minute <= 59 && c->second <= 59;
}

bool parse_civil(const char *text, struct civil *civil)
{
    const char *at = text;
    struct civil c = { 0 };

    if (!take_field(&at, 4, &c.year) || !take_char(&at, '-') ||
        !take_field(&at, 2, &c.month) || !take_char(&at, '-') ||
        !take_field(&at, 2, &c.day))
        return false;
    if (*at) {
        if (!take_char(&at, ' ') && !take_char(&at, 'T'))
            return false;
        if (!take_field(&at, 2, &c.hour) || !take_char(&at, ':') ||
            !take_field(&at, 2, &c.minute))
            return false;
        if (*at && (!take_char(&at, ':') || !take_field(&at, 2, &c.second)))
            return false;
    }
    if (*at || !civil_exists(&c))
        return false;
    *civil = c;
    return true;
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar, counted in eras
 * of 400 years that begin on 1 March, so that the leap day comes last. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year =
        (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 -
                         year_of_era / 100 + day_of_year;

    return era * 146097 + day_of_era - 719468;
}

bool parse_day(const char *text, struct civil *civil)
{
    return strlen(text) == strlen("2027-03-07") && parse_civil(text, civil);
}

int64_t civil_to_seconds(const struct civil *c)
{
    return days_from_civil(c->year, c->month, c->day) * 86400 +
           c->hour * 3600 + c->minute * 60 + c->second;
}

struct civil civil_from_seconds(int64_t seconds)
{
    int64_t days = seconds / 86400;
    int64_t rest = seconds % 86400;

    if (rest < 0) {
        rest += 86400;
        days--;
    }
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 +
                           day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 -
                                        year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;

    return (struct civil){
        .year = (int)(year_of_era + era * 400 + (month >= 10)),
        .month = (int)(month < 10 ? month + 3 : month - 9),
        .day = (int)(day_of_year - (153 * month + 2) / 5 + 1),
        .hour = (int)(rest / 3600),
        .minute = (int)(rest / 60 % 60),
        .second = (int)(rest % 60),
    };
}

struct civil civil_add_months(struct civil c, int months)
{
    int month = c.month - 1 + months;

    c.year += month / 12;
    c.month = month % 12 + 1;
    if (c.day > days_in(c.year, c.month))
        c.day = days_in(c.year, c.month);
    return c;
}

int civil_weekday(const struct civil *c)
{
    int64_t day = (days_from_civil(c->year, c->month, c->day) + 4) % 7;

    return (int)(day < 0 ? day + 7 : day);
}

static const char weekdays[7][4] = { "Sun", "Mon", "Tue", "Wed",
                                     "Thu", "Fri", "Sat" };
static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };

void format_http_date(int64_t seconds, char text[30])
{
    struct civil c = civil_from_seconds(seconds);

    snprintf(text, 30, "%s, %02u %s %04u %02u:%02u:%02u GMT",
             weekdays[civil_weekday(&c)], (unsigned)c.day % 100u,
             months[c.month - 1], (unsigned)c.year % 10000u,
             (unsigned)c.hour % 100u, (unsigned)c.minute % 100u,
             (unsigned)c.second % 100u);
}

static bool take_month(const char **at, int *month)
{
    for (int i = 0; i < 12; i++)
        if (strncmp(*at, months[i], 3) == 0) {
            *month = i + 1;
            *at += 3;
            return true;
        }
    return false;
}

int64_t parse_http_date(const char *text)
{
    struct civil c = { 0 };
    char again[30];

    if (strlen(text) != 29)
        return -1;
    const char *at = text + 5;
    if (!take_field(&at, 2, &c.day) || !take_char(&at, ' ') ||
        !take_month(&at, &c.month) || !take_char(&at, ' ') ||
        !take_field(&at, 4, &c.year) || !take_char(&at, ' ') ||
        !take_field(&at, 2, &c.hour) || !take_char(&at, ':') ||
        !take_field(&at, 2, &c.minute) || !take_char(&at, ':') ||
        !take_field(&at, 2, &c.second) || !civil_exists(&c))
        return -1;
    /* Writing it again proves the weekday, the commas and the zone. */
    int64_t seconds = civil_to_seconds(&c);
    format_http_date(seconds, again);
    return strcmp(text, again) == 0 && seconds >= 0 ? seconds : -1;
}
