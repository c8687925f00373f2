#include "keyring/trustdb.h"

#include "base/reader.h"

enum {
    RECORD_LEN = 40,
    VERSION = 3,
    TYPE_VERSION = 1,
    TYPE_TRUST = 12,
    FPR_LEN = 20,
    LEVEL_MASK = 0x0F,
    FLAG_DISABLED = 0x80,
};

static err *check_version(struct reader *r)
{
    struct reader record = reader_sub(r, RECORD_LEN, "trust database");
    uint8_t type = reader_u8(&record);
    struct slice magic = reader_bytes(&record, 3);
    uint8_t version = reader_u8(&record);
    TRY(reader_check(&record));
    if (type != TYPE_VERSION || !slice_equal(magic, SLICE_TEXT("gpg")))
        return err_new(ERR_MALFORMED, "no trust database");
    return version == VERSION ? NULL
                              : err_new(ERR_UNSUPPORTED, "a trust database of version %u", version);
}

static err *visit_record(struct reader *r, trustdb_visit *visit, void *context)
{
    struct reader record = reader_sub(r, RECORD_LEN, "trust database");
    uint8_t type = reader_u8(&record);
    reader_u8(&record); /* reserved */
    struct trustdb_entry entry = {.fpr = reader_bytes(&record, FPR_LEN)};
    uint8_t trust = reader_u8(&record);
    TRY(reader_check(&record));
    entry.level = trust & LEVEL_MASK;
    entry.disabled = (trust & FLAG_DISABLED) != 0;
    if (type != TYPE_TRUST || trust == 0)
        return NULL;
    return visit(context, &entry);
}

err *trustdb_each(struct slice file, trustdb_visit *visit, void *context)
{
    struct reader r = reader_init(file, "trust database");
    TRY(check_version(&r));
    while (reader_left(&r) > 0)
        TRY(visit_record(&r, visit, context));
    return NULL;
}
