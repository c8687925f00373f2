/* text.h - hexadecimal, UTF-8, and untrusted text made safe to show. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"

/* Upper-case digits, terminated; text holds 2 * bytes.len + 1. */
void text_hex(struct slice bytes, char *text);

/* Appends the upper-case digits of bytes. */
void text_hex_to(struct buf *b, struct slice bytes);

/* Decodes exactly out_len bytes from 2 * out_len digits of either case; blanks
 * between digits are skipped.  False if text is anything else. */
bool text_unhex(const char *text, uint8_t *out, size_t out_len);

/* The number of hexadecimal digits if text has nothing else (blanks and a
 * leading 0x aside), otherwise 0. */
size_t text_hex_digits(const char *text);

/* Well-formed UTF-8: no overlong forms, no surrogates [RFC3629 4]. */
bool text_is_utf8(struct slice s);

/* The length of the well-formed UTF-8 sequence at the start of s, and its character; 0 if
 * it is malformed. */
size_t text_utf8_next(struct slice s, uint32_t *character);

/* Appends a character, at most 0x10FFFF, as UTF-8. */
void text_utf8_to(struct buf *b, uint32_t character);

/* How many of its first bytes are well-formed UTF-8. */
size_t text_utf8_len(struct slice s);

/* Appends s so that it cannot disturb a terminal or a log: control characters,
 * bidirectional overrides and malformed UTF-8 become \xNN. */
void text_escape_to(struct buf *b, struct slice s);

/* The same, as a string that the caller frees. */
MUST_USE err *text_escape(struct slice s, char **out);

/* Appends s as a quoted JSON string; malformed UTF-8 becomes U+FFFD. */
void text_json_to(struct buf *b, struct slice s);

/* Equal, ASCII letters compared without case. */
bool text_equal_nocase(struct slice a, struct slice b);

/* Is word one of those in a list like "one, two"?  The list may be NULL. */
bool text_list_has(const char *list, const char *word);

/* Appends s with ASCII letters in lower case. */
void text_lower_to(struct buf *b, struct slice s);

/* "512MiB", "4G": a number of bytes; K, M, G and T are powers of 1024.  False if
 * text is anything else, or more than fits. */
bool text_parse_size(const char *text, uint64_t *bytes);

/* The address in a user ID: what stands between the last pair of angle
 * brackets, or the whole if it is a bare address.  Empty if there is none. */
struct slice text_email_of(struct slice user_id);

#endif
