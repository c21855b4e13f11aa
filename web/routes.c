/* THE table: every address of the site, and nothing else is one. What is
 * fixed stands above what has a name in the same place. */
#include "web/pages/desk.h"
#include "web/pages/feeds.h"
#include "web/pages/pages.h"
#include "web/site.h"

const struct route site_routes[] = {
    { METHOD_GET, "/", root_show, .privacy = PRIVACY_PUBLIC },
    { METHOD_GET, "/robots.txt", robots_send, .privacy = PRIVACY_PUBLIC },
    { METHOD_GET, "/-/healthz", health_send, .privacy = PRIVACY_PUBLIC },
    { METHOD_GET, "/static/:file", static_send, .privacy = PRIVACY_PUBLIC },

    { METHOD_GET, "/calendars/all.ics", feeds_send_all,
      .privacy = PRIVACY_FEED },
    { METHOD_GET, "/calendars/:alliance.ics", feeds_send_alliance,
      .privacy = PRIVACY_FEED },
    { METHOD_GET, "/calendars/:alliance/with-regions.ics",
      feeds_send_regions, .privacy = PRIVACY_FEED },
    { METHOD_GET, "/calendars/:alliance/:meeting.ics", feeds_send_meeting,
      .privacy = PRIVACY_FEED },
    { METHOD_GET, "/calendars/:alliance/:meeting/download.ics",
      feeds_send_download, .privacy = PRIVACY_FEED },

    { METHOD_GET, "/:lang/", home_show, .privacy = PRIVACY_PUBLIC },
    { METHOD_GET, "/:lang/impressum", legal_show,
      .privacy = PRIVACY_PUBLIC },
    { METHOD_GET, "/:lang/datenschutz", legal_show,
      .privacy = PRIVACY_PUBLIC },
    { METHOD_GET, "/:lang/barrierefreiheit", legal_show,
      .privacy = PRIVACY_PUBLIC },
    { METHOD_GET, "/:lang/leichte-sprache", legal_show,
      .privacy = PRIVACY_PUBLIC },
    { METHOD_GET, "/:lang/gebaerdensprache", legal_show,
      .privacy = PRIVACY_PUBLIC },

    { METHOD_GET, "/:lang/r/:token", mine_show,
      .privacy = PRIVACY_PERSONAL },
    { METHOD_GET, "/:lang/r/:token/cancel", mine_to_page,
      .privacy = PRIVACY_PERSONAL },
    { METHOD_GET, "/:lang/r/:token/undo", mine_to_page,
      .privacy = PRIVACY_PERSONAL },
    { METHOD_GET, "/:lang/r/:token/data.json", mine_data,
      .privacy = PRIVACY_PERSONAL },
    { METHOD_GET, "/:lang/r/:token/erase", mine_erase,
      .privacy = PRIVACY_PERSONAL },
    { METHOD_POST, "/:lang/r/:token/erase", mine_erase_submit,
      .privacy = PRIVACY_PERSONAL, .rate = RATE_FORMS, .form = true },
    { METHOD_POST, "/:lang/r/:token/cancel", mine_cancel,
      .privacy = PRIVACY_PERSONAL, .rate = RATE_FORMS, .form = true },
    { METHOD_POST, "/:lang/r/:token/undo", mine_undo,
      .privacy = PRIVACY_PERSONAL, .rate = RATE_FORMS, .form = true },

    { METHOD_GET, "/:lang/desk", desk_without_slash,
      .privacy = PRIVACY_DESK },
    { METHOD_GET, "/:lang/desk/", desk_home, .access = SIGNED_IN,
      .privacy = PRIVACY_DESK },
    { METHOD_GET, "/:lang/desk/sign-in", desk_signin,
      .privacy = PRIVACY_DESK },
    { METHOD_POST, "/:lang/desk/sign-in", desk_signin_submit,
      .privacy = PRIVACY_DESK, .rate = RATE_LOGIN, .form = true },
    { METHOD_POST, "/:lang/desk/sign-out", desk_signout_submit,
      .access = SIGNED_IN, .privacy = PRIVACY_DESK, .rate = RATE_FORMS,
      .form = true },
    { METHOD_GET, "/:lang/desk/:alliance/:meeting", desk_meeting,
      .access = SIGNED_IN, .privacy = PRIVACY_DESK },
    { METHOD_GET, "/:lang/desk/:alliance/:meeting/attendees.xlsx",
      desk_export_xlsx, .access = SIGNED_IN, .privacy = PRIVACY_DESK },
    { METHOD_GET, "/:lang/desk/:alliance/:meeting/attendees.csv",
      desk_export_csv, .access = SIGNED_IN, .privacy = PRIVACY_DESK },
    { METHOD_GET, "/:lang/desk/:alliance/:meeting/attendees.json",
      desk_export_json, .access = SIGNED_IN, .privacy = PRIVACY_DESK },

    { METHOD_GET, "/:lang/:alliance", alliance_show,
      .privacy = PRIVACY_PUBLIC },
    { METHOD_GET, "/:lang/:alliance/:meeting", meeting_show,
      .privacy = PRIVACY_PUBLIC },
    { METHOD_GET, "/:lang/:alliance/:meeting/register", register_to_form,
      .privacy = PRIVACY_PUBLIC },
    /* What was typed must stay in no cache; its Referer does no harm. */
    { METHOD_POST, "/:lang/:alliance/:meeting/register", register_submit,
      .privacy = PRIVACY_DESK, .rate = RATE_FORMS, .form = true },
    { METHOD_GET, "/:lang/:alliance/:meeting/done/:receipt", receipt_show,
      .privacy = PRIVACY_PERSONAL },
    { METHOD_GET, "/:lang/:alliance/:meeting/done/:receipt/again",
      receipt_again, .privacy = PRIVACY_PERSONAL },
};

const size_t site_route_count = sizeof site_routes / sizeof *site_routes;
