/* err.h - errors as values: NULL is success, anything else says what went wrong.
 *
 * A function that can fail returns `err *` and is MUST_USE.  The caller either
 * passes the error up (TRY), adds context and passes it up (err_wrap), or frees
 * it.  An error is printed once, in cli/program.c, as "outer: inner: innermost".
 * The kind says what a caller can do next, not where it broke; cli/exit.c maps
 * kinds to exit codes.  An error may be handed to another thread.
 *
 * On error a function leaves its outputs unchanged or zeroed.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stddef.h>

#include "base/own.h"

#define MUST_USE          __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))

enum err_kind {
    ERR_NONE,            /* the kind of NULL */
    ERR_FAILED,          /* nothing more precise is known */
    ERR_USAGE,           /* the command line is wrong in a way that has no kind of its own */
    ERR_MISSING_ARG,     /* an argument, an option or its value is missing */
    ERR_UNKNOWN_OPTION,  /* there is no such option, or not with this value */
    ERR_UNKNOWN_COMMAND, /* there is no such command */
    ERR_IO,              /* the system refused a read, an open, a stat */
    ERR_OUTPUT,          /* the result could not be written */
    ERR_EXISTS,          /* the output, or what is to be added, exists already */
    ERR_NO_INPUT,        /* a named input file does not exist or cannot be read */
    ERR_NO_DATA,         /* there is no OpenPGP data at all */
    ERR_MALFORMED,       /* the data breaks the format */
    ERR_INTEGRITY,       /* the data was changed or cut off */
    ERR_LIMIT,           /* the data asks for more than is allowed */
    ERR_UNSUPPORTED,     /* well formed, but a version or algorithm we lack */
    ERR_NO_SIGNATURE,    /* no acceptable signature */
    ERR_CANNOT_ENCRYPT,  /* a recipient's certificate cannot be encrypted to */
    ERR_CANNOT_DECRYPT,  /* no key or passphrase opens the message */
    ERR_CANNOT_SIGN,     /* the key cannot sign */
    ERR_CANNOT_CERTIFY,  /* the key cannot certify user IDs */
    ERR_BAD_PRIMARY,     /* the primary key cannot speak for its certificate any more */
    ERR_NO_USER_ID,      /* the certificate has no such user ID, or nobody vouches for it */
    ERR_NO_CARD,         /* the secret key is on a card or token that is not here */
    ERR_EXPECTED_TEXT,   /* the data is no text */
    ERR_LOCKED,          /* a passphrase is needed, or the one given is wrong */
    ERR_BAD_PASSPHRASE,  /* a new passphrase is not usable text */
    ERR_BAD_DESIGNATOR,  /* unknown or empty @NAME: designator */
    ERR_AMBIGUOUS_INPUT, /* a designator is also the name of a file */
    ERR_INCOMPATIBLE,    /* options that exclude one another */
    ERR_INCOMPLETE,      /* options that need one another, and one is missing */
    ERR_PROFILE,         /* unknown profile */
    ERR_UNAUTHENTICATED, /* it is not certain whose key this is */
    ERR_AMBIGUOUS,       /* a name fits several certificates */
    ERR_NOT_FOUND,       /* a name fits no certificate */
    ERR_BUSY,            /* another process holds the keyring */
    ERR_POLICY,          /* too weak, expired, revoked: refused by policy */
    ERR_ATTENTION,       /* a check found something to look after */
    ERR_INTERRUPTED,     /* the user interrupted */
    ERR_NO_MEMORY,
    ERR_BUG, /* a promise inside the program was broken */
    ERR_KINDS
};

typedef struct err err;

/* A new error; never NULL (out of memory yields a static one). */
MUST_USE err *err_new(enum err_kind kind, const char *format, ...) PRINTF_LIKE(2, 3);

/* Puts context in front of cause, keeping its kind.  NULL passes through. */
MUST_USE err *err_wrap(err *cause, const char *format, ...) PRINTF_LIKE(2, 3);

/* The same error with another kind; out of memory stays what it is.  NULL passes
 * through. */
MUST_USE err *err_as(err *e, enum err_kind kind);

/* Adds what to do next, printed on a line of its own; keeps an earlier hint.
 * NULL passes through. */
MUST_USE err *err_hint(err *e, const char *format, ...) PRINTF_LIKE(2, 3);

/* ERR_IO (or another kind) with the text of the current errno behind it. */
MUST_USE err *err_system(enum err_kind kind, const char *format, ...) PRINTF_LIKE(2, 3);

MUST_USE err *err_no_memory(void);

/* An error of its own with the kind, text and hint of one that is kept.  NULL passes
 * through. */
MUST_USE err *err_copy(const err *e);

enum err_kind err_kind_of(const err *e);

/* Borrowed; NULL if there is none. */
const char *err_hint_of(const err *e);

/* Writes "context: cause" to text, always terminated; returns text. */
char *err_text(const err *e, char *text, size_t size);

/* NULL is allowed. */
void err_free(err *e);
AUTO_DEFINE(err_free, err *)

#define TRY(call)                                                                                  \
    do {                                                                                           \
        err *try_error_ = (call);                                                                  \
        if (try_error_ != NULL)                                                                    \
            return try_error_;                                                                     \
    } while (0)

#endif
