#include "cli/certinput.h"

#include <stdlib.h>

#include "base/mem.h"
#include "keyring/keybox.h"
#include "pgp/autocrypt.h"
#include "stream/input.h"
#include "stream/join.h"

struct certinput {
    struct certfile *file; /* one of these two, unless it is a mail */
    struct keybox *box;
    struct cert *mailed; /* the only certificate there, until it is handed out */
    err *bad;            /* why there is none */
    unsigned number;     /* of what was handed out last */
};

void certinput_close(struct certinput *i)
{
    if (i == NULL)
        return;
    certfile_close(i->file);
    keybox_close(i->box);
    cert_free(i->mailed);
    err_free(i->bad);
    free(i);
}

/* Reads headers, as far as they may reach. */
static err *read_headers(struct source *input, struct buf *headers)
{
    struct slice view;
    size_t len = 0;
    do {
        TRY(source_fill(input, 1, &view));
        size_t room = AUTOCRYPT_HEADERS_MAX - headers->len;
        size_t from = headers->len < 2 ? 0 : headers->len - 2; /* a line end may be cut */
        view.len = view.len < room ? view.len : room;
        buf_bytes(headers, view);
        source_consume(input, view.len);
        TRY(buf_end(headers));
        len = autocrypt_headers_len(slice_from(buf_view(headers), from));
    } while (len == 0 && view.len > 0);
    return NULL;
}

/* The bytes that were read ahead, and the others. */
static err *rejoin(struct slice read, struct source *input, struct source **out)
{
    AUTO(source_close) struct source *rest = input, *copy = NULL, *owner = NULL;
    struct join *j = NULL;
    TRY(input_from_copy(read, &copy));
    TRY(join_new(&j));
    owner = join_source(j);
    TRY(join_add(j, TAKE(copy)));
    TRY(join_add(j, TAKE(rest)));
    *out = TAKE(owner);
    return NULL;
}

/* A mail with an Autocrypt header is asked for nothing else. */
static err *open_mail(struct certinput *i, struct source *input)
{
    CLEANUP(buf_clear) struct buf read = BUF_EMPTY(AUTOCRYPT_HEADERS_MAX);
    AUTO(source_close) struct source *owner = input;
    TRY(read_headers(input, &read));
    size_t len = autocrypt_headers_len(buf_view(&read));
    struct slice headers = buf_view(&read);
    headers.len = len > 0 ? len : headers.len;
    TRY(autocrypt_find(headers, &i->mailed, &i->bad));
    if (i->mailed != NULL || i->bad != NULL)
        return NULL;
    TRY(rejoin(buf_view(&read), TAKE(owner), &input));
    return certfile_open(input, &i->file);
}

static err *open_any(struct certinput *i, struct source *input)
{
    AUTO(source_close) struct source *owner = input;
    struct slice view;
    TRY(source_fill(input, SOURCE_PEEK_MAX, &view));
    if (keybox_is(view))
        return keybox_open(TAKE(owner), &i->box);
    if (autocrypt_may_start(view))
        return open_mail(i, TAKE(owner));
    return certfile_open(TAKE(owner), &i->file);
}

err *certinput_open(struct source *input, struct certinput **out)
{
    AUTO(certinput_close) struct certinput *i = NULL;
    if (MEM_NEW(i) != NULL) {
        source_close(input);
        return err_no_memory();
    }
    TRY(open_any(i, input));
    *out = TAKE(i);
    return NULL;
}

err *certinput_next(struct certinput *i, struct cert **out, err **bad)
{
    if (i->file != NULL)
        return certfile_next(i->file, out, bad);
    i->number++;
    if (i->box != NULL)
        return keybox_next(i->box, out, bad);
    *out = TAKE(i->mailed);
    *bad = TAKE(i->bad);
    return NULL;
}

struct certfile_place certinput_place(const struct certinput *i)
{
    return i->file != NULL ? certfile_place(i->file)
                           : (struct certfile_place){i->number, CERTFILE_NOWHERE};
}

struct certfile *certinput_file(struct certinput *i)
{
    return i->file;
}
