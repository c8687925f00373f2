#include "cli/passphrase.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fs.h"
#include "base/mem.h"
#include "base/text.h"
#include "cli/designator.h"
#include "cli/prompt.h"
#include "crypto/ct.h"

enum { PASSPHRASE_MAX = 1 << 16, TYPING_TRIES = 3 };

static err *read_designator(const char *designator, struct buf *b)
{
    return strcmp(designator, "-") == 0 ? fs_read_fd(STDIN_FILENO, b)
                                        : designator_read(designator, b);
}

err *passphrase_read(const char *designator, struct secret **out)
{
    CLEANUP(buf_clear) struct buf b = BUF_EMPTY(PASSPHRASE_MAX);
    TRY(err_wrap(read_designator(designator, &b), "passphrase"));
    struct slice s = buf_view(&b);
    if (s.len > 0 && s.data[s.len - 1] == '\n')
        s.len--;
    if (s.len > 0 && s.data[s.len - 1] == '\r')
        s.len--;
    return secret_of(s, out);
}

static err *key_question(const struct passphrase_request *request, char **out)
{
    char id[KEY_ID_TEXT_SIZE];
    AUTO(free) char *who = NULL;
    key_id_text(&request->key->id, id);
    TRY(text_escape(cert_any_user_id(request->cert), &who));
    return mem_printf(out, "Passphrase for key %s%s%s: ", id, who[0] != '\0' ? " of " : "", who);
}

static err *ask(const struct passphrase_request *request, struct secret **out)
{
    AUTO(free) char *question = NULL;
    if (!prompt_is_possible() || request->attempt >= TYPING_TRIES)
        return NULL;
    if (request->purpose == PASSPHRASE_FOR_KEY)
        TRY(key_question(request, &question));
    else
        TRY(mem_strdup("Passphrase of the message: ", &question));
    if (request->attempt > 0)
        prompt_say("That was not it, try again.");
    return prompt_secret(question, out);
}

void passphrases_init(struct passphrases *p, const struct opt_list *files, const char *hint)
{
    passphrases_clear(p);
    *p = (struct passphrases){.files = files, .hint = hint};
}

void passphrases_clear(struct passphrases *p)
{
    for (size_t i = 0; i < p->n_read; i++)
        secret_free(p->read[i]);
    free(p->read);
    *p = (struct passphrases){0};
}

err *passphrases_ask(struct passphrases *p, const struct passphrase_request *request,
                     struct secret **out)
{
    unsigned i = request->attempt;
    if (p->files == NULL || p->files->n == 0)
        return ask(request, out);
    if (i >= p->files->n)
        return NULL;
    if (p->read == NULL)
        TRY(MEM_ARRAY(p->read, p->files->n));
    p->n_read = p->files->n;
    if (p->read[i] == NULL)
        TRY(passphrase_read(p->files->items[i], &p->read[i]));
    return secret_of(secret_view(p->read[i]), out);
}

static err *type_twice(const char *what, const char *hint, struct secret **out)
{
    AUTO(free) char *question = NULL;
    AUTO(secret_free) struct secret *first = NULL, *second = NULL;
    if (!prompt_is_possible())
        return err_hint(err_new(ERR_LOCKED, "a passphrase for %s is needed", what), "%s", hint);
    TRY(mem_printf(&question, "New passphrase for %s: ", what));
    TRY(prompt_secret(question, &first));
    TRY(prompt_secret("The same again: ", &second));
    if (!ct_equal(secret_view(first), secret_view(second)))
        return err_new(ERR_BAD_PASSPHRASE, "the two passphrases differ");
    *out = TAKE(first);
    return NULL;
}

err *passphrase_new(const char *designator, const char *what, const char *hint, struct secret **out)
{
    AUTO(secret_free) struct secret *s = NULL;
    TRY(designator != NULL ? passphrase_read(designator, &s) : type_twice(what, hint, &s));
    if (secret_len(s) == 0)
        return err_new(ERR_BAD_PASSPHRASE, "the new passphrase is empty");
    if (!text_is_utf8(secret_view(s)))
        return err_new(ERR_BAD_PASSPHRASE, "the new passphrase is not UTF-8 text");
    *out = TAKE(s);
    return NULL;
}
