/* Cookies, which only the desk has. */
#ifndef CONVENED_HTTP_COOKIE_H
#define CONVENED_HTTP_COOKIE_H

struct arena;
struct request;

/* The value of the first cookie of that name in a Cookie field; NULL if it
 * is not there. */
char *cookie_find(struct arena *, const char *field, const char *name);

/* On the answer to come: for the whole site, Secure, HttpOnly, SameSite=Lax,
 * gone with the browser session. `value` is base64url. Asserts that the route
 * is the desk's. */
void cookie_send(struct request *, const char *name, const char *value);
void cookie_expire(struct request *, const char *name);

#endif
