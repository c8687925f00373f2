#include "base/when.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct tm broken_down(int64_t at)
{
    struct tm tm = {0};
    time_t t = (time_t)at;
    gmtime_r(&t, &tm);
    return tm;
}

void when_text(int64_t at, char text[static WHEN_TEXT_SIZE])
{
    struct tm tm = broken_down(at);
    if (strftime(text, WHEN_TEXT_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
        text[0] = '\0';
}

void when_date(int64_t at, char text[static WHEN_TEXT_SIZE])
{
    struct tm tm = broken_down(at);
    if (strftime(text, WHEN_TEXT_SIZE, "%Y-%m-%d", &tm) == 0)
        text[0] = '\0';
}

struct date_format {
    const char *format;
    bool zoned; /* fractions of a second and a time zone follow */
};

/* Fractions [RFC3339 5.6] are passed over: a time is whole seconds. */
static const char *parse_zone(const char *text, struct tm *tm)
{
    size_t digits = *text == '.' ? strspn(text + 1, "0123456789") : 0;
    return strptime(digits > 0 ? text + 1 + digits : text, "%z", tm);
}

/* strptime accepts 31 February; the way back through the calendar does not. */
static bool parse_calendar(const char *text, const struct date_format *f, int64_t *out)
{
    struct tm tm = {0};
    const char *rest = strptime(text, f->format, &tm);
    if (rest != NULL && f->zoned)
        rest = parse_zone(rest, &tm);
    if (rest == NULL || *rest != '\0')
        return false;
    struct tm asked = tm;
    time_t t = timegm(&tm);
    if (tm.tm_mday != asked.tm_mday || tm.tm_mon != asked.tm_mon)
        return false;
    *out = (int64_t)t - asked.tm_gmtoff;
    return true;
}

static bool parse_number(const char *text, const char **rest, int64_t *out)
{
    char *end = NULL;
    if (*text < '0' || *text > '9' || strlen(text) > 12)
        return false;
    *out = strtoll(text, &end, 10);
    *rest = end;
    return true;
}

err *when_parse(const char *text, int64_t *out)
{
    static const struct date_format formats[] = {{"%Y-%m-%d", false},
                                                 {"%Y-%m-%dT%H:%M:%S", true},
                                                 {"%Y-%m-%d %H:%M:%S", false},
                                                 {"%Y%m%dT%H%M%S", true},
                                                 {"%Y%m%d", false}};
    const char *rest = NULL;
    int64_t seconds;
    if (text[0] == '@' && parse_number(text + 1, &rest, &seconds) && *rest == '\0') {
        *out = seconds;
        return NULL;
    }
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (parse_calendar(text, &formats[i], out))
            return NULL;
    }
    return err_hint(err_new(ERR_USAGE, "%s: not a date", text),
                    "write it as 2027-01-31 or 2027-01-31T12:00:00Z");
}

static bool unit_seconds(const char *unit, int64_t *seconds)
{
    static const struct {
        const char *unit;
        int64_t seconds;
    } units[] = {{"s", 1},      {"h", 3600},    {"d", 86400},
                 {"w", 604800}, {"m", 2629800}, {"y", 31557600}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(unit, units[i].unit) == 0) {
            *seconds = units[i].seconds;
            return true;
        }
    }
    return false;
}

err *when_parse_duration(const char *text, int64_t *out)
{
    const char *unit = NULL;
    int64_t n, seconds;
    if (!parse_number(text, &unit, &n) || !unit_seconds(unit, &seconds) || n > INT32_MAX)
        return err_hint(err_new(ERR_USAGE, "%s: not a length of time", text),
                        "write it as 90d, 6w, 18m or 2y");
    *out = n * seconds;
    return NULL;
}

err *when_parse_end(const char *text, int64_t now, uint32_t *seconds)
{
    int64_t length, at;
    if (strcmp(text, "never") == 0) {
        *seconds = 0;
        return NULL;
    }
    err *e = when_parse_duration(text, &length);
    if (e != NULL) {
        err_free(e);
        e = when_parse(text, &at);
        if (e != NULL) {
            err_free(e);
            return err_hint(err_new(ERR_USAGE, "%s: neither a length of time nor a date", text),
                            "write it as 2y, 90d, 2027-01-31 or never");
        }
        length = at - now;
    }
    if (length <= 0)
        return err_new(ERR_USAGE, "%s: lies in the past", text);
    if (length > UINT32_MAX)
        return err_new(ERR_USAGE, "%s: too far in the future for OpenPGP", text);
    *seconds = (uint32_t)length;
    return NULL;
}
