/* passphrase.h - passphrases from files, descriptors, the environment, the
 * terminal. */
#ifndef CLI_PASSPHRASE_H
#define CLI_PASSPHRASE_H

#include "cli/opt.h"
#include "pgp/finder.h"

/* Passphrases to unlock with.  Each file is read once, since a descriptor can be, and
 * several messages may need it. */
struct passphrases {
    const struct opt_list *files; /* borrowed */
    struct secret **read;         /* one for each file, when it was needed */
    size_t n_read;                /* 0 before any was */
    const char *hint;             /* how to give one */
};

/* Before any passphrase is asked for. */
void passphrases_init(struct passphrases *p, const struct opt_list *files, const char *hint);

/* Does not look at the files, which need not be there any more. */
void passphrases_clear(struct passphrases *p);

/* For a key_finder: the files one after the other, then (if there are none) the
 * terminal, three times. */
MUST_USE err *passphrases_ask(struct passphrases *p, const struct passphrase_request *request,
                              struct secret **out);

/* Reads what F in --passphrase-file F means: a file, @FD:n or @ENV:NAME.  One line
 * end at the end is not part of it.  ERR_BAD_DESIGNATOR, ERR_NO_INPUT. */
MUST_USE err *passphrase_read(const char *designator, struct secret **out);

/* A passphrase for something new: from the designator if it is not NULL, else
 * typed twice at the terminal; `hint` is for where there is none.
 * ERR_BAD_PASSPHRASE if it is empty or not UTF-8. */
MUST_USE err *passphrase_new(const char *designator, const char *what, const char *hint,
                             struct secret **out);

#endif
