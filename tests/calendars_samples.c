/* Writes one of each kind of calendar that we can write into a folder, for
 * other people's parsers to judge (calendars_check.py). */
#include <stdio.h>
#include <string.h>

#include "calendars/feed.h"
#include "calendars/invite.h"
#include "calendars/zone.h"
#include "daemon/base/arena.h"
#include "daemon/base/files.h"
#include "daemon/base/parse.h"

#define ENOUGH (16 * 1024 * 1024)
#define COUNT(array) (sizeof(array) / sizeof *(array))

struct samples {
    struct arena *arena;
    const char *folder;
    int faults;
};

static int64_t utc(int year, int month, int day, int hour, int minute)
{
    struct civil civil = { year, month, day, hour, minute, 0 };

    return civil_to_seconds(&civil);
}

static struct cal_event event_at(struct arena *arena, int number, int64_t at)
{
    int64_t stamp = utc(2026, 11, 20, 8, 0) + number;

    return (struct cal_event){
        .uid = arena_printf(arena, "%08x-0000-4000-8000-0123456789ab"
                                   "@termine.example.org", (unsigned)number),
        .sequence = number % 7,
        .stamp = stamp,
        .created_at = utc(2026, 11, 1, 9, 30),
        .changed_at = stamp,
        .starts_at = at,
        .ends_at = at + 5 * 3600,
        .zone = "Europe/Berlin",
        .summary = arena_printf(arena, "Treffen %d: Arbeit, Wege; Ziele",
                                number),
        .description = "Ein Satz.\n\nhttps://termine.example.org/de/x",
        .location = "Haus der Beispiele, Beispielstraße 1, 01067 Dresden",
        .has_geo = true,
        .latitude = 51.05,
        .longitude = 13.7372621,
        .url = "https://termine.example.org/de/sachsen/arbeit-2030",
        .categories = "Allianz Sachsen",
        .lang = number % 2 ? LANG_EN : LANG_DE,
    };
}

static void keep(struct samples *samples, const char *name, enum rc rc,
                 const struct str *out, struct err *err)
{
    char *path = arena_printf(samples->arena, "%s/%s", samples->folder, name);

    if (rc == RC_OK)
        rc = file_write(path, out->data, out->length, 0644, err);
    if (rc == RC_OK)
        return;
    fprintf(stderr, "%s: %s\n", name, err->text);
    samples->faults++;
}

static void keep_feed(struct samples *samples, const char *name,
                      const struct cal_event *events, size_t count)
{
    struct cal_feed feed = {
        .name = "Allianz Sachsen – Termine, Orte; Wege",
        .description = "Alle Termine der Allianz Sachsen, laufend erneuert",
        .source = "https://termine.example.org/calendars/sachsen.ics",
        .url = "https://termine.example.org/de/sachsen",
        .color = "seagreen",
        .zone = "Europe/Berlin",
        .changed_at = utc(2026, 11, 20, 8, 0),
        .events = events,
        .count = count,
    };
    struct err err = { "" };
    struct str out;

    str_init(&out, samples->arena, ENOUGH);
    keep(samples, name, feed_write(&feed, &out, &err), &out, &err);
}

/* Zones with the same clock differ in their names alone, and each name is
 * held against the tz database in calendars_zone_test. */
static bool clock_is_new(size_t index)
{
    const struct zone *zone = zone_at(index);

    for (size_t i = 0; i < index; i++)
        if (zone_offset(zone_at(i), false) == zone_offset(zone, false)
            && zone_has_summer(zone_at(i)) == zone_has_summer(zone))
            return false;
    return true;
}

/* Every clock, a winter's, a summer's and an autumn switch day's meeting. */
static void sample_zones(struct samples *samples)
{
    struct cal_event *events =
        ARENA_ARRAY(samples->arena, struct cal_event, 3 * zone_count());
    size_t count = 0;

    for (size_t i = 0; i < zone_count(); i++) {
        const int64_t starts[] = {
            utc(2027, 2, 7, 9, 0), utc(2027, 7, 10, 17, 0),
            utc(2027, 10, 31, 9, 0),
        };

        if (!clock_is_new(i))
            continue;
        for (size_t k = 0; k < COUNT(starts); k++) {
            events[count] = event_at(samples->arena, (int)count, starts[k]);
            events[count++].zone = zone_name(zone_at(i));
        }
    }
    keep_feed(samples, "feed-zones.ics", events, count);
}

/* Both switch days in Berlin, starting and ending each half an hour. */
static void sample_switches(struct samples *samples)
{
    const int64_t days[] = { utc(2027, 3, 27, 22, 0),
                             utc(2027, 10, 30, 21, 0) };
    struct cal_event events[2 * 16];
    size_t count = 0;

    for (size_t i = 0; i < COUNT(days); i++)
        for (int half = 0; half < 16; half++) {
            int64_t at = days[i] + half * 1800;

            events[count] = event_at(samples->arena, (int)count, at);
            events[count++].ends_at = at + 1800;
        }
    keep_feed(samples, "feed-switches.ics", events, count);
}

static void sample_texts(struct samples *samples)
{
    static const char *const texts[] = {
        "Backslash \\ Komma, Strichpunkt; Doppelpunkt: „Anführung“ \"x\" ^n",
        "C:\\neu\\Tal \\, \\; \\n",
        "Zeile\r\nZeile\nZeile\rZeile\tTab",
        "\x01Steuer\x1b[31mzeichen\x7f",
        "u\xCC\x88hm, nicht in NFC",
        "한국어 日本語 עברית العربية Ελληνικά Кириллица",
        "👩‍💻 🌿 🇩🇪",
        "BEGIN:VEVENT",
        ";;;,,,:::===\"\"\"",
        "'einfach' und `anders` & 100 % @ §",
    };
    struct cal_event events[COUNT(texts)];

    for (size_t i = 0; i < COUNT(texts); i++) {
        events[i] = event_at(samples->arena, (int)i, utc(2027, 3, 7, 9, 0));
        events[i].summary = events[i].description = texts[i];
        events[i].location = events[i].categories = texts[i];
    }
    keep_feed(samples, "feed-texts.ics", events, COUNT(texts));
}

/* Two-, three- and four-byte characters at every place of a line. */
static void sample_folds(struct samples *samples)
{
    static const char *const characters[] = { "ü", "€", "🌿" };
    struct cal_event events[3 * 81];
    size_t count = 0;

    for (size_t c = 0; c < COUNT(characters); c++)
        for (int pad = 0; pad <= 80; pad++) {
            struct str text;

            str_init(&text, samples->arena, 1000);
            for (int i = 0; i < pad; i++)
                str_add_char(&text, 'a');
            for (int i = 0; i < 40; i++)
                str_add(&text, characters[c]);
            events[count] = event_at(samples->arena, (int)count,
                                     utc(2027, 3, 7, 9, 0));
            events[count].location = text.data;
            events[count].description = text.data;
            events[count++].summary = text.data;
        }
    keep_feed(samples, "feed-folds.ics", events, count);
}

static void sample_states(struct samples *samples)
{
    struct cal_event events[3];

    for (int i = 0; i < 3; i++)
        events[i] = event_at(samples->arena, i, utc(2027, 3, 7, 9, 0));
    events[0].cancelled = events[1].cancelled = true;
    events[2].description = events[2].location = events[2].categories = NULL;
    events[2].has_geo = false;
    keep_feed(samples, "feed-states.ics", events, 3);
    keep_feed(samples, "feed-empty.ics", NULL, 0);

    struct err err = { "" };
    struct str out;

    str_init(&out, samples->arena, ENOUGH);
    keep(samples, "download.ics", feed_write_download(&events[0], &out, &err),
         &out, &err);
}

static void sample_invites(struct samples *samples)
{
    struct cal_invite invite = {
        .event = event_at(samples->arena, 42, utc(2027, 3, 7, 9, 0)),
        .organizer_name = "Allianz „Sachsen“; Geschäftsstelle",
        .organizer_address = "termine@termine.example.org",
        .attendee_name = "Müller, Jürgen \"Jo\"",
        .attendee_address = "juergen.mueller+x@example.net",
    };
    static const char *const names[] = { "invite-1.ics", "invite-2.ics",
                                         "invite-3.ics" };

    for (int i = 0; i < 3; i++) {
        struct err err = { "" };
        struct str out;

        invite.method = i < 2 ? CAL_REQUEST : CAL_CANCEL;
        invite.event.sequence = i;
        invite.event.stamp += 60;
        if (i == 1)
            invite.event.starts_at += 3600;
        str_init(&out, samples->arena, ENOUGH);
        keep(samples, names[i], invite_write(&invite, &out, &err), &out,
             &err);
    }
}

int main(int argc, char **argv)
{
    struct samples samples = { .arena = arena_new() };

    if (argc != 2) {
        fprintf(stderr, "usage: calendars_samples FOLDER\n");
        return 64;
    }
    samples.folder = argv[1];
    sample_zones(&samples);
    sample_switches(&samples);
    sample_texts(&samples);
    sample_folds(&samples);
    sample_states(&samples);
    sample_invites(&samples);
    arena_free(&samples.arena);
    return samples.faults > 0;
}
