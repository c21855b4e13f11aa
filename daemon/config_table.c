#include "daemon/config_table.h"

#include <string.h>

#include "daemon/base/log.h"

#define CONF_FIELD(f)                                                  \
    offsetof(struct settings, f), sizeof(((struct settings *)NULL)->f), #f

static const struct config_word tls_words[] = {
    { "required", MAIL_TLS_REQUIRED }, { "none", MAIL_TLS_NONE }, { NULL, 0 },
};
static const struct config_word format_words[] = {
    { "auto", LOG_FORMAT_AUTO }, { "plain", LOG_FORMAT_PLAIN },
    { "journal", LOG_FORMAT_JOURNAL }, { "json", LOG_FORMAT_JSON },
    { NULL, 0 },
};
static const struct config_word level_words[] = {
    { "error", LOG_LEVEL_ERROR }, { "warn", LOG_LEVEL_WARN },
    { "info", LOG_LEVEL_INFO }, { "debug", LOG_LEVEL_DEBUG }, { NULL, 0 },
};

static const struct config_word status_words[] = {
    { "unstated", STATEMENT_UNSTATED }, { "full", STATEMENT_FULL },
    { "partial", STATEMENT_PARTIAL }, { "none", STATEMENT_NONE },
    { NULL, 0 },
};
static const struct config_word method_words[] = {
    { "self", STATEMENT_SELF }, { "external", STATEMENT_EXTERNAL },
    { NULL, 0 },
};

/* Of each key that is .fixed. */
#define RESTART " A reload does not change it, a restart does."

const struct config_option config_table[] = {
    { "site.base-url", CONF_ORIGIN, CONF_FIELD(base_url),
      "http://localhost:8080", .schemes = "https http", .needed = true,
      .text = "Address of the site, as people see it; every link begins with "
              "it. It is https; http only on the machine itself." },
    { "site.hosts", CONF_HOSTS, CONF_FIELD(hosts), "",
      .text = "Further names that the site answers to, as a browser sends "
              "them: host or host:port. Any other name gets 421." },
    { "site.listen", CONF_LISTEN, CONF_FIELD(listen), "127.0.0.1:8080",
      .fixed = true,
      .text = "Where to listen: address:port or unix:/path, several separated "
              "by blanks. Sockets that the service manager hands over "
              "(convened.socket) take its place." RESTART },
    { "site.proxies", CONF_RANGES, CONF_FIELD(proxies), "",
      .text = "Addresses of reverse proxies whose X-Forwarded-For and "
              "X-Forwarded-Proto are believed." },
    { "site.texts", CONF_PATH, CONF_FIELD(texts_dir), "",
      .text = "Folder with your own legal pages: de/impressum.md, "
              "de/datenschutz.md, de/barrierefreiheit.md, "
              "de/leichte-sprache.md, de/gebaerdensprache.md, and the same "
              "below en/. A page without a file is not there. Parts of the "
              "accessibility statement: barrierefreiheit-unvereinbar.md, "
              "-unverhaeltnismaessig.md and -ausgenommen.md for what is not "
              "accessible since it does not comply, would be a "
              "disproportionate burden, or is outside the law; "
              "-alternativen.md and -durchsetzung.md." },
    { "site.demo", CONF_BOOL, CONF_FIELD(demo), "no",
      .text = "Every page and letter says that it is a demonstration, and "
              "robots are told not to index it." },

    { "state.directory", CONF_PATH, CONF_FIELD(state_dir),
      LOCALSTATEDIR "/lib/convened", .needed = true, .fixed = true,
      .text = "Folder of convened.db and convened.key. One process at a time "
              "owns it. Back up both files together." RESTART },
    { "state.run", CONF_PATH, CONF_FIELD(run_dir), RUNSTATEDIR "/convened",
      .needed = true, .fixed = true,
      .text = "Folder of the two sockets, control.sock and courier.sock."
              RESTART },
    { "state.courier-group", CONF_NAME, CONF_FIELD(courier_group), "",
      .fixed = true,
      .text = "Group that may open courier.sock. Empty: the server's own, in "
              "which the courier is under systemd." RESTART },
    { "state.keep-earlier", CONF_DURATION, CONF_FIELD(keep_earlier), "30 d",
      .min = "1 d", .max = "365 d",
      .text = "How long earlier states stay beside the present one: the copy "
              "from before an upgrade and what a restore put aside. They "
              "hold personal data." },

    { "threads.workers", CONF_INT, CONF_FIELD(workers), "1", .min = "1",
      .max = "64", .text = "Event loops that answer requests." },
    { "threads.helpers", CONF_INT, CONF_FIELD(helpers), "2", .min = "1",
      .max = "16", .fixed = true,
      .text = "Threads for slow work: password hashes, long exports." RESTART },
    { "threads.writer-queue", CONF_INT, CONF_FIELD(writer_queue), "4096",
      .min = "16", .max = "1000000", .fixed = true,
      .text = "Forms that may wait for the database before further ones get "
              "503 and Retry-After." RESTART },

    { "limits.head-bytes", CONF_SIZE, CONF_FIELD(head_bytes), "16 KiB",
      .min = "1 KiB", .max = "1 MiB",
      .text = "Longest head of a request: request line and fields." },
    { "limits.head-fields", CONF_INT, CONF_FIELD(head_fields), "64",
      .min = "8", .max = "1000", .text = "Most fields in a head." },
    { "limits.target-bytes", CONF_SIZE, CONF_FIELD(target_bytes), "2 KiB",
      .min = "256 B", .max = "64 KiB",
      .text = "Longest address in a request line." },
    { "limits.body-bytes", CONF_SIZE, CONF_FIELD(body_bytes), "64 KiB",
      .min = "4 KiB", .max = "64 MiB",
      .text = "Longest body, unless the page allows more." },
    { "limits.form-fields", CONF_INT, CONF_FIELD(form_fields), "200",
      .min = "20", .max = "10000", .text = "Most fields in a form." },
    { "limits.form-value-bytes", CONF_SIZE, CONF_FIELD(form_value_bytes),
      "4 KiB", .min = "256 B", .max = "1 MiB",
      .text = "Longest value of one field of a form." },
    { "limits.head-time", CONF_DURATION, CONF_FIELD(head_time), "10 s",
      .min = "1 s", .max = "5 min",
      .text = "From a request's first byte to the end of its head." },
    { "limits.body-time", CONF_DURATION, CONF_FIELD(body_time), "30 s",
      .min = "1 s", .max = "1 h", .text = "From there to the body's end." },
    { "limits.idle-time", CONF_DURATION, CONF_FIELD(idle_time), "15 s",
      .min = "1 s", .max = "10 min",
      .text = "How long a connection is kept between requests." },
    { "limits.answer-time", CONF_DURATION, CONF_FIELD(answer_time), "60 s",
      .min = "1 s", .max = "1 h",
      .text = "Longest time in which an answer must have been taken." },
    { "limits.connections", CONF_INT, CONF_FIELD(connections), "12000",
      .min = "8", .max = "1000000",
      .text = "Connections at once; when full, nothing more is accepted. "
              "Each needs a descriptor: LimitNOFILE." },
    { "limits.connections-per-address", CONF_INT,
      CONF_FIELD(connections_per_address), "200", .min = "1",
      .max = "1000000",
      .text = "Connections at once from one address; not for proxies." },
    { "limits.pages", CONF_RATE, CONF_FIELD(rates[RATE_PAGES]),
      "600 / 1 min",
      .text = "Pages, feeds and files for one network (IPv4 /24, IPv6 "
              "/48)." },
    { "limits.forms", CONF_RATE, CONF_FIELD(rates[RATE_FORMS]), "300 / 1 h",
      .text = "Forms sent from one network, but for registrations. A "
              "ministry behind one address is one network." },
    { "limits.form-age", CONF_DURATION, CONF_FIELD(form_age), "3 s",
      .min = "0 s", .max = "1 h",
      .text = "Who sends a registration sooner after opening the form is "
              "asked a short question first." },
    { "limits.free-signups", CONF_RATE,
      CONF_FIELD(rates[RATE_FREE_SIGNUPS]), "20 / 10 min",
      .text = "Registrations from one network that are taken without a "
              "question." },
    { "limits.signups", CONF_RATE, CONF_FIELD(rates[RATE_SIGNUPS]),
      "300 / 1 h",
      .text = "Registrations from one network, those with a question "
              "included; further ones must wait." },
    { "limits.signup-posts", CONF_RATE,
      CONF_FIELD(rates[RATE_SIGNUP_POSTS]), "1500 / 1 h",
      .text = "Tries to register from one network: forms with a mistake in "
              "them, further people added and answers to the question." },
    { "limits.work-bits", CONF_INT, CONF_FIELD(work_bits), "14",
      .min = "1", .max = "24",
      .text = "How much a browser computes when it answers the question by "
              "itself; one more is twice as much. 14 is about a second on "
              "a phone." },
    { "limits.login", CONF_RATE, CONF_FIELD(rates[RATE_LOGIN]),
      "20 / 15 min", .text = "Tries to sign in from one network." },
    { "limits.exempt", CONF_RANGES, CONF_FIELD(exempt), "",
      .text = "Address ranges for which the verdicts of these limits are "
              "waived, for load tests." },
    { "limits.stop-time", CONF_DURATION, CONF_FIELD(stop_time), "10 s",
      .min = "1 s", .max = "10 min",
      .text = "After SIGTERM, how long requests under way may take." },
    { "limits.registrations-per-address", CONF_INT,
      CONF_FIELD(registrations_per_address), "10", .min = "1",
      .max = "1000",
      .text = "People registered at one meeting with one e-mail address." },
    { "limits.steps-per-hour", CONF_INT, CONF_FIELD(steps_per_hour), "3",
      .min = "1", .max = "1000",
      .text = "Steps whose letters go to an address within an hour, until "
              "somebody acted through a link mailed there." },
    { "limits.steps-per-day", CONF_INT, CONF_FIELD(steps_per_day), "5",
      .min = "1", .max = "10000", .text = "The same within a day." },
    { "limits.cache-bytes", CONF_SIZE, CONF_FIELD(cache_bytes), "32 MiB",
      .min = "1 MiB", .max = "16 GiB",
      .text = "Prebuilt pages and feeds that one worker keeps." },

    { "mail.relay", CONF_ORIGIN, CONF_FIELD(mail_relay), "",
      .schemes = "smtp smtps",
      .text = "The mail server that takes our letters: smtp://host:587 or "
              "smtps://host:465. Empty: letters become files in the spool." },
    { "mail.spool", CONF_PATH, CONF_FIELD(mail_spool), "",
      .text = "Folder for letters as .eml files, if there is no relay. "
              "Empty: \"mail\" in state.directory." },
    { "mail.user", CONF_TEXT, CONF_FIELD(mail_user), "",
      .text = "Name to sign in with at the relay. Empty: no sign-in." },
    { "mail.password-file", CONF_PATH, CONF_FIELD(mail_password_file), "",
      .text = "File with the password, readable by its owner only. Empty: "
              "smtp-password in $CREDENTIALS_DIRECTORY, as systemd's "
              "LoadCredential= puts it there." },
    { "mail.domain", CONF_NAME, CONF_FIELD(mail_domain), "",
      .text = "Domain in Message-IDs and in the UIDs of new meetings. "
              "Empty: the host of base-url." },
    { "mail.ca-file", CONF_PATH, CONF_FIELD(mail_ca_file), "",
      .text = "Certificates that the relay is checked against. Empty: the "
              "system's." },
    { "mail.tls", CONF_WORD, CONF_FIELD(mail_tls), "required",
      .words = tls_words,
      .text = "required: nothing is ever sent in clear. none: only for a "
              "relay on this machine." },
    { "mail.parallel", CONF_INT, CONF_FIELD(mail_parallel), "4", .min = "1",
      .max = "10", .text = "Connections kept to the relay." },
    { "mail.retry-min", CONF_DURATION, CONF_FIELD(mail_retry_min), "1 min",
      .min = "1 s", .max = "1 h",
      .text = "Wait after the first failed attempt; it doubles each time." },
    { "mail.retry-max", CONF_DURATION, CONF_FIELD(mail_retry_max), "66 min",
      .min = "1 s", .max = "1 d",
      .text = "Longest wait between two attempts." },
    { "mail.give-up", CONF_DURATION, CONF_FIELD(mail_give_up), "5 d",
      .min = "1 min", .max = "30 d",
      .text = "Age at which a letter that nobody took is given up." },
    { "mail.timeout", CONF_DURATION, CONF_FIELD(mail_timeout), "2 min",
      .min = "1 s", .max = "10 min",
      .text = "One attempt, from connecting to the relay's last word." },

    { "desk.login-idle", CONF_DURATION, CONF_FIELD(login_idle), "30 min",
      .min = "1 min", .max = "12 h",
      .text = "A login ends after this time without a request." },
    { "desk.login-most", CONF_DURATION, CONF_FIELD(login_most), "12 h",
      .min = "5 min", .max = "7 d",
      .text = "A login ends at the latest after this time." },
    { "desk.login-tries-account", CONF_INT, CONF_FIELD(login_tries_account),
      "5", .min = "1", .max = "1000",
      .text = "Failed tries for one account from one network." },
    { "desk.login-tries-address", CONF_INT, CONF_FIELD(login_tries_address),
      "20", .min = "1", .max = "10000",
      .text = "Failed tries from one network, whatever the account." },
    { "desk.login-tries-window", CONF_DURATION,
      CONF_FIELD(login_tries_window), "15 min", .min = "1 min",
      .max = "1 d", .text = "The time in which these tries are counted." },
    { "desk.page-size", CONF_INT, CONF_FIELD(page_size), "50", .min = "10",
      .max = "1000", .text = "Attendees on one page of the list." },

    { "accessibility.status", CONF_WORD, CONF_FIELD(statement_status),
      "unstated", .words = status_words,
      .text = "How far the site complies. Anything but unstated makes the "
              "accessibility statement from these keys and the texts "
              "barrierefreiheit-*.md, in the order of the EU's model "
              "(Implementing Decision (EU) 2018/1523); unstated shows "
              "barrierefreiheit.md as it is." },
    { "accessibility.body-de", CONF_TEXT, CONF_FIELD(statement_body_de), "",
      .text = "The public body that the statement is of, in German." },
    { "accessibility.body-en", CONF_TEXT, CONF_FIELD(statement_body_en), "",
      .text = "The same in English. Empty: the German name." },
    { "accessibility.law-de", CONF_TEXT, CONF_FIELD(statement_law_de), "",
      .text = "The rules that it must comply with, in German and in the "
              "dative: dem Mustergesetz. Empty: those by which Directive "
              "(EU) 2016/2102 was implemented." },
    { "accessibility.law-en", CONF_TEXT, CONF_FIELD(statement_law_en), "",
      .text = "The same in English." },
    { "accessibility.prepared", CONF_DATE, CONF_FIELD(statement_prepared),
      "", .text = "The day on which the statement was prepared." },
    { "accessibility.reviewed", CONF_DATE, CONF_FIELD(statement_reviewed),
      "", .text = "The day of its last review. Empty: that of its "
                  "preparation. After twelve months serve and config check "
                  "ask for another." },
    { "accessibility.method", CONF_WORD, CONF_FIELD(statement_method),
      "self", .words = method_words,
      .text = "How it was assessed: by the body itself, or by somebody "
              "else." },
    { "accessibility.feedback-address", CONF_ADDRESS,
      CONF_FIELD(feedback_address), "",
      .text = "Where reports of barriers are mailed to. Empty: they only "
              "stand at the desk and in `convened feedback list`." },
    { "accessibility.feedback-from", CONF_ADDRESS,
      CONF_FIELD(feedback_from), "",
      .text = "Sender of these letters. Empty: that of the first "
              "alliance." },
    { "accessibility.feedback-keep", CONF_DURATION,
      CONF_FIELD(feedback_keep), "90 d", .min = "0 s", .max = "365 d",
      .text = "How long a report stays after it was answered." },

    { "calendar.google-subscribe", CONF_TEMPLATE,
      CONF_FIELD(google_subscribe),
      "https://calendar.google.com/calendar/u/0/r/settings/addbyurl",
      .text = "Google's page for subscribing by address." },
    { "calendar.outlook-subscribe", CONF_TEMPLATE,
      CONF_FIELD(outlook_subscribe),
      "https://outlook.live.com/calendar/0/addfromweb"
      "?url={url}&name={name}",
      .text = "The same at Outlook.com; {url} and {name} are filled in." },
    { "calendar.office-subscribe", CONF_TEMPLATE,
      CONF_FIELD(office_subscribe),
      "https://outlook.office.com/calendar/0/addfromweb"
      "?url={url}&name={name}",
      .text = "The same at Microsoft 365." },
    { "calendar.feed-past-days", CONF_INT, CONF_FIELD(feed_past_days),
      "366", .min = "366", .max = "36500",
      .text = "How many days back a feed reaches." },

    { "log.requests", CONF_BOOL, CONF_FIELD(log_requests), "yes",
      .text = "A line for each request, without personal data." },
    { "log.level", CONF_WORD, CONF_FIELD(log_level), "info",
      .words = level_words,
      .text = "What is worth a line: error, warn, info or debug." },
    { "log.format", CONF_WORD, CONF_FIELD(log_format), "auto",
      .words = format_words,
      .text = "plain: with the time, for people. journal: with a priority "
              "that journald understands. json: an object on each line. "
              "auto: plain on a terminal, else journal." },

    { "health.listen", CONF_LISTEN, CONF_FIELD(health_listen), "",
      .fixed = true,
      .text = "Further addresses, for operators only: whoever reaches them "
              "gets /-/healthz, /-/readyz and /-/metrics with all details, "
              "and nothing else. As site.listen." RESTART },
    { "health.allow", CONF_RANGES, CONF_FIELD(operators), "",
      .text = "Address ranges, besides this machine itself, that may see "
              "/-/metrics and the details of /-/readyz on the site's own "
              "addresses." },
    { "health.disk-free", CONF_SIZE, CONF_FIELD(disk_free), "64 MiB",
      .min = "0 B", .max = "1024 GiB",
      .text = "/-/readyz says no with less than this left for the "
              "database." },
    { "health.letter-age", CONF_DURATION, CONF_FIELD(letter_age), "1 h",
      .min = "0 s", .max = "30 d",
      .text = "/-/readyz says no if nobody has come for a letter for so long "
              "after it was due. A relay that is away does not count. 0 s: "
              "letters do not matter." },
    { .key = NULL },
};

_Static_assert(sizeof config_table / sizeof *config_table <=
               CONFIG_OPTIONS_MOST, "struct config_origins is too small");

size_t config_table_count(void)
{
    return sizeof config_table / sizeof *config_table - 1;
}

const char *config_name_in_section(const struct config_option *option)
{
    return strchr(option->key, '.') + 1;
}

size_t config_section_length(const struct config_option *option)
{
    return strcspn(option->key, ".");
}

bool config_section_begins(const struct config_option *option)
{
    size_t length = config_section_length(option) + 1;

    return option == config_table ||
           strncmp(option[-1].key, option->key, length) != 0;
}

const char config_include_text[] =
    "Folder with further files, read in the order of their names if they end "
    "in .conf. It stands before the first section; each of these files "
    "begins its sections anew. A key is given once, wherever it is.";

const char *config_section_text(const char *section, size_t length)
{
    static const struct {
        const char *name, *text;
    } sections[] = {
        { "site", "The site and how it is reached." },
        { "state", "What is kept, and where." },
        { "threads", "How much works at the same time." },
        { "limits", "Ceilings. What passes one is refused." },
        { "mail", "How letters leave the house. Only the courier reads "
                 "passwords." },
        { "desk", "The organisers' side." },
        { "accessibility", "The accessibility statement, and reports of "
                           "barriers." },
        { "calendar", "Feeds, and the links that lead to calendar services." },
        { "log", "What is written to the log." },
        { "health", "What the server says about itself." },
    };

    for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
        if (strlen(sections[i].name) == length &&
            !memcmp(sections[i].name, section, length))
            return sections[i].text;
    return "";
}
