/* The case that convened is built for, with people, rooms and addresses that
 * are plainly made up. */
#include <stddef.h>

#include "daemon/demo_parts.h"

const struct demo_region demo_regions[] = {
    { "bautzen", "Fachkräfteallianz Landkreis Bautzen",
      "Skilled Labour Alliance of the District of Bautzen" },
    { "erzgebirgskreis", "Fachkräfteallianz Erzgebirgskreis",
      "Skilled Labour Alliance of Erzgebirgskreis" },
    { "goerlitz", "Fachkräfteallianz Landkreis Görlitz",
      "Skilled Labour Alliance of the District of Görlitz" },
    { "landkreis-leipzig", "Fachkräfteallianz Landkreis Leipzig",
      "Skilled Labour Alliance of the District of Leipzig" },
    { "meissen", "Fachkräfteallianz Landkreis Meißen",
      "Skilled Labour Alliance of the District of Meißen" },
    { "mittelsachsen", "Fachkräfteallianz Landkreis Mittelsachsen",
      "Skilled Labour Alliance of Central Saxony" },
    { "nordsachsen", "Fachkräfteallianz Landkreis Nordsachsen",
      "Skilled Labour Alliance of Northern Saxony" },
    { "saechsische-schweiz-osterzgebirge",
      "Fachkräfteallianz Landkreis Sächsische Schweiz-Osterzgebirge",
      "Skilled Labour Alliance of Saxon Switzerland-Eastern Ore "
      "Mountains" },
    { "vogtlandkreis", "Fachkräfteallianz Vogtlandkreis",
      "Skilled Labour Alliance of Vogtlandkreis" },
    { "zwickau", "Fachkräfteallianz Landkreis Zwickau",
      "Skilled Labour Alliance of the District of Zwickau" },
    { "chemnitz", "Fachkräfteallianz Chemnitz",
      "Skilled Labour Alliance of Chemnitz" },
    { "dresden", "Fachkräfteallianz Dresden",
      "Skilled Labour Alliance of Dresden" },
    { "leipzig", "Fachkräfteallianz Leipzig",
      "Skilled Labour Alliance of the City of Leipzig" },
    { NULL, NULL, NULL },
};

const struct demo_bench demo_benches[] = {
    { "Ministerium und Landesverwaltung", "Ministry and state government" },
    { "Arbeitgeberverband", "Employers' association" },
    { "Gewerkschaft", "Trade union" },
    { "Industrie- und Handelskammer",
      "Chamber of industry and commerce" },
    { "Handwerkskammer", "Chamber of crafts" },
    { "Bundesagentur für Arbeit", "Federal employment agency" },
    { "Landkreis, Stadt oder Gemeinde", "District, town or municipality" },
    { "Weitere", "Others" },
    { NULL, NULL },
};

static const struct demo_session annual_sessions[] = {
    { 0, 15, "Begrüßung", "Welcome", "", "", "Alex Muster" },
    { 15, 60, "Arbeit im Jahr 2030: digital und vielfältig",
      "Work in 2030: digital and diverse",
      "Was sich bis 2030 ändert, was bleibt, und was Sachsen daraus macht.",
      "What changes by 2030, what stays, and what Saxony makes of it.",
      "Prof. Dr. Erika Beispiel" },
    { 60, 120, "Gespräch: Wer kommt, wer bleibt, wer lernt dazu?",
      "Panel: Who comes, who stays, who keeps learning?",
      "Kammern, Gewerkschaften und Arbeitgeber an einem Tisch.",
      "Chambers, unions and employers at one table.",
      "Kim Probe, Robin Vorlage, Toni Platzhalter" },
    { 120, 180, "Mittagspause", "Lunch", "", "", "" },
    { 180, 240, "Werkstatt: Was die Regionen voneinander lernen",
      "Workshop: What the regions learn from each other",
      "Dreizehn Regionen, je drei Minuten.",
      "Thirteen regions, three minutes each.", "" },
    { 240, 285, "Anerkennung, Ausbildung, Ankommen",
      "Recognition, training, arriving",
      "Wege in Arbeit für Menschen, die neu in Sachsen sind.",
      "Ways into work for people who are new to Saxony.",
      "Sascha Exempel" },
    { 285, 300, "Ausblick und Verabschiedung", "Outlook and farewell", "",
      "", "Alex Muster" },
    { 0, 0, NULL, NULL, NULL, NULL, NULL },
};

static const struct demo_option lunch_options[] = {
    { "Mit Fleisch", "With meat", 0 },
    { "Vegetarisch", "Vegetarian", 0 },
    { "Vegan", "Vegan", 0 },
    { NULL, NULL, 0 },
};

static const struct demo_option workshop_options[] = {
    { "Ausbildung, die bleibt", "Training that lasts", 60 },
    { "Anerkennung ohne Umwege", "Recognition without detours", 60 },
    { "Digital im kleinen Betrieb", "Digital in the small firm", 40 },
    { NULL, NULL, 0 },
};

static const struct demo_question annual_questions[] = {
    { QUESTION_ONE, "Was möchten Sie zu Mittag essen?",
      "What would you like for lunch?",
      "Für alle, die vor Ort sind.", "For everybody who is on site.",
      lunch_options, 0, 0 },
    { QUESTION_ONE, "Welchen Tisch der Werkstatt möchten Sie besuchen?",
      "Which table of the workshop would you like to join?", "", "",
      workshop_options, 0, 0 },
    { QUESTION_TEXT, "Welchen Beruf haben Sie dabei vor Augen?",
      "Which occupation do you have in mind?",
      "Zum Beispiel Pflegefachkraft.", "For example nurse.", NULL, 2, 2 },
    { .de = NULL },
};

static const struct demo_session breakfast_sessions[] = {
    { 0, 30, "Ankommen und Kaffee", "Arriving and coffee", "", "", "" },
    { 30, 120, "Drei Betriebe erzählen", "Three firms tell their story", "",
      "", "Kim Probe" },
    { 0, 0, NULL, NULL, NULL, NULL, NULL },
};

const struct demo_meeting demo_meetings[] = {
    { .alliance = "sachsen", .slug = "arbeit-2030",
      .title_de = "Zusammen in die Zukunft – Chancen für Sachsen: Arbeit im "
                  "Jahr 2030 – digital und vielfältig",
      .title_en = "Into the future together – opportunities for Saxony: work "
                  "in 2030 – digital and diverse",
      .summary_de = "Das Jahrestreffen der Fachkräfteallianz Sachsen, vor "
                    "Ort und online.",
      .summary_en = "The annual meeting of the Skilled Labour Alliance of "
                    "Saxony, on site and online.",
      .about_de = "Einmal im Jahr kommen alle zusammen, die Fachkräfte für "
                  "Sachsen gewinnen, ausbilden und halten: Ministerium, "
                  "Kammern, Arbeitgeber, Gewerkschaften, Kommunen, die "
                  "Bundesagentur für Arbeit und die dreizehn regionalen "
                  "Allianzen.\n\n"
                  "- **Vormittags** ein Vortrag und ein Gespräch\n"
                  "- **Nachmittags** Werkstatt der Regionen\n"
                  "- Dazwischen Zeit, einander kennenzulernen",
      .about_en = "Once a year everybody meets who wins, trains and keeps "
                  "skilled people for Saxony: the ministry, chambers, "
                  "employers, unions, municipalities, the Federal Employment "
                  "Agency and the thirteen regional alliances.\n\n"
                  "- **In the morning** a talk and a panel\n"
                  "- **In the afternoon** the workshop of the regions\n"
                  "- In between, time to get to know each other",
      .hour = 10, .minutes = 300, .onsite = 200, .online = 500,
      .venue_name = "Haus Beispiel", .venue_street = "Musterplatz 1",
      .venue_postcode = "00000", .venue_town = "Musterstadt",
      .access_de = "Stufenloser Eingang am Musterplatz, Aufzug zu allen "
                   "Etagen, barrierefreie Toilette im Erdgeschoss, "
                   "Höranlage im Saal.",
      .access_en = "Step-free entrance on Musterplatz, lift to all floors, "
                   "accessible toilet on the ground floor, hearing loop in "
                   "the hall.",
      .join_url = "https://stream.example.org/arbeit-2030",
      .sessions = annual_sessions, .questions = annual_questions },
    { .alliance = "dresden", .slug = "fachkraeftefruehstueck",
      .title_de = "Fachkräftefrühstück Dresden",
      .title_en = "Skilled labour breakfast in Dresden",
      .summary_de = "Drei Betriebe erzählen, wie sie Auszubildende finden.",
      .summary_en = "Three firms tell how they find trainees.",
      .about_de = "Ein kurzer Vormittag mit Kaffee und Beispielen aus der "
                  "Nachbarschaft.",
      .about_en = "A short morning with coffee and examples from the "
                  "neighbourhood.",
      .days = 21, .hour = 9, .minutes = 120, .onsite = 30,
      .venue_name = "Café Muster", .venue_street = "Probegasse 2",
      .venue_postcode = "00000", .venue_town = "Musterstadt",
      .access_de = "Eine Stufe am Eingang, eine Rampe liegt bereit.",
      .access_en = "One step at the entrance, a ramp is at hand.",
      .join_url = "", .sessions = breakfast_sessions },
    { .alliance = "vogtlandkreis", .slug = "anerkennung-kurz-erklaert",
      .title_de = "Anerkennung kurz erklärt",
      .title_en = "Recognition in a nutshell",
      .summary_de = "Wie ausländische Abschlüsse anerkannt werden: eine "
                    "Stunde online.",
      .summary_en = "How foreign qualifications are recognised: one hour "
                    "online.",
      .about_de = "Für Personalverantwortliche in kleinen Betrieben. Fragen "
                  "sind willkommen.",
      .about_en = "For those who hire in small firms. Questions are "
                  "welcome.",
      .days = 42, .hour = 14, .minutes = 60, .online = 100,
      .venue_name = "", .venue_street = "", .venue_postcode = "",
      .venue_town = "", .access_de = "", .access_en = "",
      .join_url = "https://stream.example.org/anerkennung" },
    { .slug = NULL },
};
