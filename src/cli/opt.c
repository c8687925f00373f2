#include "cli/opt.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static const struct opt common[] = {
    OPT_FLAG('h', "help", struct common_opts, help, "show this help"),
    OPT_FLAG(0, "json", struct common_opts, json, "report as JSON"),
    OPT_FLAG('q', "quiet", struct common_opts, quiet, "no remarks and no progress"),
    OPT_TEXT(0, "home", struct common_opts, home, "DIR", "keep keys in DIR instead of $BULLA_HOME",
             OPT_PLACE),
};

static const struct opt common_stateless[] = {
    OPT_FLAG('h', "help", struct common_opts, help, "show this help"),
    OPT_FLAG(0, "debug", struct common_opts, debug, "tell more on standard error"),
};

const struct opt_table opt_common = {common, sizeof common / sizeof *common};
const struct opt_table opt_common_stateless = {common_stateless,
                                               sizeof common_stateless / sizeof *common_stateless};

static const struct opt *find_long(const struct opt_table *t, const char *name, size_t len)
{
    for (size_t i = 0; i < t->n; i++) {
        if (strlen(t->opts[i].name) == len && strncmp(t->opts[i].name, name, len) == 0)
            return &t->opts[i];
    }
    return NULL;
}

static const struct opt *find_short(const struct opt_table *t, char letter)
{
    for (size_t i = 0; i < t->n; i++) {
        if (t->opts[i].letter == letter)
            return &t->opts[i];
    }
    return NULL;
}

/* How many single-letter changes lead from a to b; more than 2 is "unlike". */
static unsigned distance(const char *a, const char *b, unsigned left)
{
    if (*a == '\0' && *b == '\0')
        return 0;
    if (*a == *b)
        return distance(a + 1, b + 1, left);
    if (left == 0)
        return 1;
    unsigned best = *a != '\0' ? distance(a + 1, b, left - 1) : 99;
    unsigned other = *b != '\0' ? distance(a, b + 1, left - 1) : 99;
    best = other < best ? other : best;
    other = *a != '\0' && *b != '\0' ? distance(a + 1, b + 1, left - 1) : 99;
    best = other < best ? other : best;
    return best + 1;
}

const char *opt_nearest(const char *word, const char *const *candidates, size_t n)
{
    const char *best = NULL;
    unsigned best_distance = 3;
    for (size_t i = 0; i < n; i++) {
        unsigned d = distance(word, candidates[i], 2);
        if (d < best_distance && d < strlen(word)) {
            best = candidates[i];
            best_distance = d;
        }
    }
    return best;
}

/* Where parsing stands. */
struct parse {
    const struct opt_table *table, *shared;
    int argc;
    const char *const *argv;
    int at;
    void *opts;
    struct common_opts *common;
    struct args *args;
};

/* The option's name that is most like the word "--name" or "--name=value". */
static err *nearest_option(const struct parse *p, const char *word, const char **out)
{
    const char *names[128];
    size_t n = 0;
    AUTO(free) char *name = NULL;
    *out = NULL;
    if (strncmp(word, "--", 2) != 0)
        return NULL;
    for (size_t i = 0; i < p->table->n && n < 128; i++)
        names[n++] = p->table->opts[i].name;
    for (size_t i = 0; i < p->shared->n && n < 128; i++)
        names[n++] = p->shared->opts[i].name;
    TRY(mem_string_of(slice_of(word + 2, strcspn(word + 2, "=")), &name));
    *out = opt_nearest(name, names, n);
    return NULL;
}

static err *unknown_option(const struct parse *p, const char *word)
{
    const char *near = NULL;
    TRY(nearest_option(p, word, &near));
    err *e = err_new(ERR_UNKNOWN_OPTION, "%s: no such option", word);
    return near != NULL ? err_hint(e, "did you mean --%s?", near)
                        : err_hint(e, "--help lists the options");
}

static void *field_of(const struct parse *p, const struct opt *o, bool is_common)
{
    return (char *)(is_common ? (void *)p->common : p->opts) + o->offset;
}

static err *store(const struct parse *p, const struct opt *o, bool is_common, const char *value)
{
    void *field = field_of(p, o, is_common);
    struct opt_list *list = field;
    switch (o->type) {
    case OPT_TYPE_FLAG:
        *(bool *)field = true;
        return NULL;
    case OPT_TYPE_TEXT:
        if (*(const char **)field != NULL)
            return err_new(ERR_USAGE, "--%s: given twice", o->name);
        *(const char **)field = value;
        return NULL;
    default:
        /* At most one value for each word of the command line. */
        if (list->items == NULL)
            TRY(MEM_ARRAY(list->items, (size_t)p->argc));
        list->items[list->n++] = value;
        return NULL;
    }
}

static err *next_value(struct parse *p, const struct opt *o, const char **value)
{
    if (p->at + 1 >= p->argc)
        return err_new(ERR_MISSING_ARG, "--%s: needs a value: %s", o->name, o->value);
    *value = p->argv[++p->at];
    return NULL;
}

static err *parse_long(struct parse *p, const char *word)
{
    const char *name = word + 2, *equals = strchr(name, '=');
    size_t len = equals != NULL ? (size_t)(equals - name) : strlen(name);
    bool is_common = false;
    const struct opt *o = find_long(p->table, name, len);
    if (o == NULL) {
        o = find_long(p->shared, name, len);
        is_common = true;
    }
    if (o == NULL)
        return unknown_option(p, word);
    const char *value = equals != NULL ? equals + 1 : NULL;
    if (o->type == OPT_TYPE_FLAG && value != NULL)
        return err_new(ERR_UNKNOWN_OPTION, "--%s: takes no value", o->name);
    if (o->type != OPT_TYPE_FLAG && value == NULL)
        TRY(next_value(p, o, &value));
    return store(p, o, is_common, value);
}

/* -a, -ofile, -o file, -af */
static err *parse_short(struct parse *p, const char *word)
{
    for (const char *letter = word + 1; *letter != '\0'; letter++) {
        bool is_common = false;
        const struct opt *o = find_short(p->table, *letter);
        if (o == NULL) {
            o = find_short(p->shared, *letter);
            is_common = true;
        }
        if (o == NULL)
            return unknown_option(p, word);
        const char *value = NULL;
        if (o->type != OPT_TYPE_FLAG && letter[1] != '\0')
            value = letter + 1;
        else if (o->type != OPT_TYPE_FLAG)
            TRY(next_value(p, o, &value));
        TRY(store(p, o, is_common, value));
        if (value != NULL)
            break;
    }
    return NULL;
}

err *opt_parse(const struct opt_table *table, const struct opt_table *shared, int argc,
               const char *const *argv, void *opts, struct common_opts *common_out,
               struct args *args)
{
    struct parse p = {.table = table,
                      .shared = shared,
                      .argc = argc,
                      .argv = argv,
                      .opts = opts,
                      .common = common_out,
                      .args = args};
    bool only_args = false;
    TRY(MEM_ARRAY(args->items, (size_t)argc));
    for (; p.at < argc; p.at++) {
        const char *word = argv[p.at];
        if (!only_args && strcmp(word, "--") == 0)
            only_args = true;
        else if (!only_args && strncmp(word, "--", 2) == 0)
            TRY(parse_long(&p, word));
        else if (!only_args && word[0] == '-' && word[1] != '\0')
            TRY(parse_short(&p, word));
        else
            args->items[args->n++] = word;
    }
    return NULL;
}

void opt_free(const struct opt_table *table, void *opts, struct args *args)
{
    for (size_t i = 0; opts != NULL && i < table->n; i++) {
        if (table->opts[i].type == OPT_TYPE_LIST)
            free(((struct opt_list *)(void *)((char *)opts + table->opts[i].offset))->items);
    }
    free(args->items);
    *args = (struct args){0};
}

bool opt_is_set(const struct opt_table *table, const void *opts, const char *name)
{
    const struct opt *o = find_long(table, name, strlen(name));
    const char *field = o == NULL ? NULL : (const char *)opts + o->offset;
    if (o == NULL)
        return false;
    if (o->type == OPT_TYPE_FLAG)
        return *(const bool *)field;
    if (o->type == OPT_TYPE_TEXT)
        return *(const char *const *)(const void *)field != NULL;
    return ((const struct opt_list *)(const void *)field)->n > 0;
}

err *args_check(const struct args *args, size_t min, size_t max, const char *names)
{
    if (args->n < min)
        return err_new(ERR_MISSING_ARG, "an argument is missing: %s", names);
    if (args->n > max)
        return err_new(ERR_USAGE, "%s: too many arguments", args->items[max]);
    return NULL;
}

static bool is_standard_input(const char *name)
{
    return strcmp(name, "-") == 0 || strcmp(name, "@FD:0") == 0;
}

/* Counts the inputs that are standard input. */
struct inputs {
    size_t n;
    const char *names[2]; /* of the first ones' options; NULL: an argument */
};

static void count_input(struct inputs *in, const char *name, const char *value)
{
    if (!is_standard_input(value))
        return;
    if (in->n < 2)
        in->names[in->n] = name;
    in->n++;
}

static void count_option(struct inputs *in, const struct opt *o, const void *field)
{
    const struct opt_list *list = field;
    const char *const *text = field;
    if (o->kind != OPT_INPUT)
        return;
    if (o->type == OPT_TYPE_TEXT && *text != NULL)
        count_input(in, o->name, *text);
    for (size_t i = 0; o->type == OPT_TYPE_LIST && i < list->n; i++)
        count_input(in, o->name, list->items[i]);
}

err *opt_check_inputs(const struct opt_table *table, const void *opts, const struct args *args,
                      bool args_are_inputs)
{
    struct inputs in = {0};
    for (size_t i = 0; i < table->n; i++)
        count_option(&in, &table->opts[i], (const char *)opts + table->opts[i].offset);
    for (size_t i = 0; args_are_inputs && i < args->n; i++)
        count_input(&in, NULL, args->items[i]);
    if (args_are_inputs && args->n == 0)
        count_input(&in, NULL, "-");
    if (in.n <= 1)
        return NULL;
    if (in.names[0] == NULL) /* options were counted first */
        return err_new(ERR_INCOMPATIBLE, "standard input is named twice");
    return err_hint(err_new(ERR_INCOMPATIBLE, "--%s: standard input is needed for %s%s, too",
                            in.names[0], in.names[1] != NULL ? "--" : "the data",
                            in.names[1] != NULL ? in.names[1] : ""),
                    "name a file instead, or another descriptor (@FD:3)");
}

err *opt_check_conflicts(const struct opt_table *table, const void *opts,
                         const struct opt_conflict *conflicts)
{
    for (; conflicts != NULL && conflicts->a != NULL; conflicts++) {
        if (opt_is_set(table, opts, conflicts->a) && opt_is_set(table, opts, conflicts->b))
            return err_new(ERR_INCOMPATIBLE, "--%s and --%s: %s", conflicts->a, conflicts->b,
                           conflicts->why);
    }
    return NULL;
}
