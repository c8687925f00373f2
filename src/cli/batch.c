#include "cli/batch.h"

#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>

#include "base/interrupt.h"
#include "base/mem.h"
#include "cli/keptcerts.h"
#include "cli/keptkeys.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/prompt.h"

enum {
    THREADS_MOST = 16,
    GROUP_MOST = 32,             /* files that are put on the disk together, by one thread */
    GROUP_NS = 20 * 1000 * 1000, /* and how long the first of them waits for the others */
};

/* A file that has been begun and not yet been told of. */
struct place {
    enum place_state {
        FREE,
        WORKING, /* or one of a thread's group */
        PUT_OFF,
        READY, /* on the disk, or failed */
    } state;   /* changed with the mutex held */
    struct task task;
    struct app app; /* of the task */
    err *error;
};

struct batch {
    struct app *app;
    const struct args *args;
    task_work *work;
    void *context;
    size_t group, window; /* at most so many together; begun and not told of */
    struct kept_keys keys;
    struct kept_certs certs; /* alone */
    struct progress_sum progress;
    pthread_mutex_t alone; /* task_enter */
    pthread_mutex_t mutex; /* for what follows */
    pthread_cond_t moved;
    size_t next, told; /* all before the one have been begun; before the other, told of */
    bool telling;      /* somebody does; the places up to the first that is not READY are his */
    bool stopped;      /* nothing more is begun */
    err *stop;         /* why */
    struct place places[BATCH_WINDOW];
};

/* What one thread has to put on the disk. */
struct group {
    struct batch *batch;
    struct place *items[GROUP_MOST];
    size_t n;
    struct timespec since;
};

static bool stops(const err *e)
{
    return err_kind_of(e) == ERR_INTERRUPTED || err_kind_of(e) == ERR_NO_MEMORY;
}

static struct place *place_of(struct batch *b, size_t i)
{
    return &b->places[i % BATCH_WINDOW];
}

/* Telling. */

static void place_clear(struct place *p)
{
    fs_output_close(TAKE(p->task.output));
    err_free(TAKE(p->error));
    report_clear(&p->app.report);
}

/* Those that are ready, from the first that has not been told of on.  The mutex is held. */
static size_t count_ready(struct batch *b)
{
    size_t n = 0;
    while (b->told + n < b->next && n < BATCH_WINDOW && place_of(b, b->told + n)->state == READY)
        n++;
    return n;
}

static void tell_one(struct batch *b, struct place *p)
{
    report_part_end(&p->app.report, &b->app->report, input_title(p->task.input), p->error);
    b->app->data_on_stdout |= p->app.data_on_stdout;
    app_note_failure(b->app, TAKE(p->error));
    place_clear(p);
}

/* Gives n files their names and tells of them, up to one that stops everything, which stays. */
static size_t tell(struct batch *b, size_t n)
{
    struct fs_output *files[BATCH_WINDOW] = {NULL};
    err *errors[BATCH_WINDOW] = {NULL};
    size_t good = 0;
    for (; good < n && !stops(place_of(b, b->told + good)->error); good++) {
        files[good] = place_of(b, b->told + good)->task.output;
        errors[good] = place_of(b, b->told + good)->error;
    }
    fs_outputs_commit(files, good, errors);
    progress_sum_hide(&b->progress);
    for (size_t i = 0; i < good; i++) {
        struct place *p = place_of(b, b->told + i);
        p->error = errors[i];
        tell_one(b, p);
    }
    progress_sum_go_on(&b->progress, good);
    return good;
}

/* Tells of all that are ready, unless another thread does, which will look again.  The mutex is
 * held, but not all the while. */
static void tell_ready(struct batch *b)
{
    if (b->telling)
        return;
    b->telling = true;
    for (size_t n = count_ready(b); n > 0 && b->stop == NULL; n = count_ready(b)) {
        pthread_mutex_unlock(&b->mutex);
        size_t done = tell(b, n);
        pthread_mutex_lock(&b->mutex);
        for (size_t i = 0; i < done; i++)
            place_of(b, b->told + i)->state = FREE;
        b->told += done;
        if (done < n)
            b->stop = TAKE(place_of(b, b->told)->error);
        pthread_cond_broadcast(&b->moved);
    }
    b->telling = false;
}

/* Groups. */

static void group_settle(struct group *g)
{
    struct batch *b = g->batch;
    for (size_t i = 0; i < g->n; i++) {
        struct place *p = g->items[i];
        if (p->error == NULL && p->task.output != NULL)
            p->error = fs_output_settle(p->task.output);
    }
    pthread_mutex_lock(&b->mutex);
    for (size_t i = 0; i < g->n; i++)
        g->items[i]->state = READY;
    g->n = 0;
    tell_ready(b);
    pthread_mutex_unlock(&b->mutex);
}

static bool group_is_due(const struct group *g)
{
    struct timespec now;
    if (g->n >= g->batch->group)
        return true;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (now.tv_sec - g->since.tv_sec) * 1000000000L + now.tv_nsec - g->since.tv_nsec > GROUP_NS;
}

static void group_add(struct group *g, struct place *p)
{
    if (g->n == 0)
        clock_gettime(CLOCK_MONOTONIC_COARSE, &g->since);
    g->items[g->n++] = p;
    if (group_is_due(g))
        group_settle(g);
}

/* Working. */

/* Only what a task may use. */
static void place_init(struct batch *b, struct place *p, const char *input, bool asks)
{
    const struct app *a = b->app;
    p->app = (struct app){.title = a->title,
                          .world = a->world,
                          .policy = a->policy,
                          .moment = a->moment,
                          .limits = a->limits,
                          .pool = a->pool,
                          .progress = b->progress.visible ? &b->progress : NULL};
    p->task = (struct task){.app = &p->app, .input = input, .batch = b, .asks = asks};
    report_part_init(&p->app.report, &a->report);
    report_string(&p->app.report, "input", input_title(input));
}

/* False: it would have had to ask. */
static bool work_on(struct batch *b, struct place *p)
{
    p->error = b->work(b->context, &p->task);
    if (p->error == NULL || stops(p->error) || !p->task.put_off)
        return true;
    place_clear(p);
    place_init(b, p, p->task.input, true);
    return false;
}

/* Works on the file i.  The mutex is held, but not all the while. */
static void take(struct group *g, size_t i)
{
    struct batch *b = g->batch;
    struct place *p = place_of(b, i);
    bool again = p->state == PUT_OFF;
    p->state = WORKING;
    pthread_mutex_unlock(&b->mutex);
    if (!again)
        place_init(b, p, b->args->items[i], false);
    else
        progress_sum_pause(&b->progress, true);
    bool done = work_on(b, p), over = stops(p->error);
    if (again)
        progress_sum_pause(&b->progress, false);
    if (done)
        group_add(g, p); /* from now on others may tell of it */
    pthread_mutex_lock(&b->mutex);
    if (!done)
        p->state = PUT_OFF;
    b->stopped |= over;
    if (!done || over)
        pthread_cond_broadcast(&b->moved);
}

/* The oldest is one that must ask. */
static bool has_question(struct batch *b)
{
    return b->told < b->next && place_of(b, b->told)->state == PUT_OFF;
}

/* Nothing is left to begin, or to begin again for who `asks`. */
static bool is_over(struct batch *b, bool asks)
{
    return b->stopped || (b->next == b->args->n && (!asks || b->told == b->args->n));
}

static void work_all(struct batch *b, bool asks)
{
    struct group g = {.batch = b};
    pthread_mutex_lock(&b->mutex);
    while (!is_over(b, asks)) {
        if (asks && has_question(b)) {
            take(&g, b->told);
        } else if (b->next < b->args->n && b->next - b->told < b->window) {
            take(&g, b->next++);
        } else if (g.n > 0) {
            pthread_mutex_unlock(&b->mutex);
            group_settle(&g);
            pthread_mutex_lock(&b->mutex);
        } else {
            pthread_cond_wait(&b->moved, &b->mutex);
        }
    }
    pthread_mutex_unlock(&b->mutex);
    if (g.n > 0)
        group_settle(&g);
}

static void *worker(void *arg)
{
    work_all(arg, false);
    return NULL;
}

/* Signals stay with the thread that has called, which may wait for an answer. */
static size_t start_threads(struct batch *b, size_t wanted, pthread_t *threads)
{
    sigset_t all, before;
    size_t n = 0;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (n < wanted && pthread_create(&threads[n], NULL, worker, b) == 0)
        n++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return n;
}

/* Besides the one that has called. */
static size_t threads_for(const struct batch *b)
{
    size_t n = 2 * pool_default_threads() + 1;
    if (b->group == 1)
        return 0;
    n = n < THREADS_MOST ? n : THREADS_MOST;
    return n < b->args->n ? n : b->args->n - 1;
}

static bool some_may_wait(const struct args *args)
{
    for (size_t i = 0; i < args->n; i++) {
        if (input_may_wait(args->items[i]))
            return true;
    }
    return false;
}

/* Where it was stopped while the oldest was still to ask. */
static void find_stop(struct batch *b)
{
    for (size_t i = b->told; i < b->next && b->stop == NULL; i++) {
        struct place *p = place_of(b, i);
        if (stops(p->error))
            b->stop = TAKE(p->error);
    }
}

static void run_threads(struct batch *b)
{
    pthread_t threads[THREADS_MOST];
    kept_keys_init(&b->keys);
    pthread_mutex_init(&b->alone, NULL);
    pthread_mutex_init(&b->mutex, NULL);
    pthread_cond_init(&b->moved, NULL);
    size_t n = start_threads(b, threads_for(b), threads);
    work_all(b, true);
    while (n > 0)
        pthread_join(threads[--n], NULL);
    pthread_cond_destroy(&b->moved);
    pthread_mutex_destroy(&b->mutex);
    pthread_mutex_destroy(&b->alone);
    kept_keys_clear(&b->keys);
    kept_certs_clear(&b->certs);
}

/* Each holds a file open: a quarter of those that a process may have. */
static size_t window_for(void)
{
    struct rlimit files;
    bool known = getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur / 4 < BATCH_WINDOW;
    return known ? (size_t)files.rlim_cur / 4 + 1 : BATCH_WINDOW;
}

static err *run_several(struct app *app, const struct args *args, const char *verb, task_work *work,
                        void *context)
{
    AUTO(free) struct batch *b = NULL;
    TRY(MEM_NEW(b));
    b->app = app;
    b->args = args;
    b->work = work;
    b->context = context;
    b->group = some_may_wait(args) ? 1 : GROUP_MOST;
    b->window = window_for();
    progress_sum_start(&b->progress, verb, args->n, report_shows_remarks(&app->report));
    run_threads(b);
    progress_sum_end(&b->progress);
    find_stop(b);
    for (size_t i = 0; i < BATCH_WINDOW; i++)
        place_clear(&b->places[i]);
    TRY(b->stop);
    return app_failures(app, "files");
}

static err *run_one(struct app *app, const char *input, task_work *work, void *context)
{
    struct task t = {.app = app, .input = input, .asks = true};
    report_object(&app->report, NULL);
    report_string(&app->report, "input", input_title(input));
    err *e = work(context, &t);
    if (e != NULL)
        report_error(&app->report, e);
    report_end_object(&app->report);
    return e;
}

err *batch_run(struct app *app, const struct args *args, const char *verb, task_work *work,
               void *context)
{
    report_array(&app->report, "files");
    err *e = args->n > 1 ? run_several(app, args, verb, work, context)
                         : run_one(app, args->n == 1 ? args->items[0] : NULL, work, context);
    report_end_array(&app->report);
    return e;
}

/* What a work calls. */

err *task_commit(struct task *t, struct sink *k)
{
    return t->batch == NULL ? sink_commit(k) : sink_take_file(k, &t->output);
}

void task_enter(struct task *t)
{
    if (t->batch != NULL)
        pthread_mutex_lock(&t->batch->alone);
}

void task_leave(struct task *t)
{
    if (t->batch != NULL)
        pthread_mutex_unlock(&t->batch->alone);
}

typedef err *find_function(void *context, const struct key_handle *h, struct cert_list *out);

/* Asks, and keeps the answer; what cannot be kept goes to out.  Alone. */
static err *ask_finder(struct task *t, find_function *find, const struct key_handle *h, bool secret,
                       const struct cert_list **kept, struct cert_list *out)
{
    CLEANUP(cert_list_clear) struct cert_list found = {0};
    TRY(find(t->finder->context, h, &found));
    *kept = kept_certs_keep(&t->batch->certs, h, secret, &found);
    for (size_t i = 0; i < found.n; i++) {
        TRY(VEC_PUSH(out, found.items[i]));
        found.items[i] = NULL; /* it is out's now */
    }
    return NULL;
}

static err *find(struct task *t, find_function *function, const struct key_handle *h, bool secret,
                 struct cert_list *out)
{
    err *e = NULL;
    task_enter(t);
    const struct cert_list *kept = kept_certs_find(&t->batch->certs, h, secret);
    if (kept == NULL)
        e = ask_finder(t, function, h, secret, &kept, out);
    task_leave(t);
    TRY(e);
    return kept != NULL ? kept_certs_copy(kept, out) : NULL;
}

static err *find_certs(void *context, const struct key_handle *h, struct cert_list *out)
{
    struct task *t = context;
    return find(t, t->finder->certs, h, false, out);
}

static err *find_secrets(void *context, const struct key_handle *h, struct cert_list *out)
{
    struct task *t = context;
    return find(t, t->finder->secrets, h, true, out);
}

/* Others need not wait while the user types. */
static err *find_passphrase(void *context, const struct passphrase_request *request,
                            struct secret **out)
{
    struct task *t = context;
    const struct opt_list *files = t->batch->app->passphrases.files;
    bool asks = (files == NULL || files->n == 0) && prompt_is_possible();
    if (asks && !t->asks) {
        t->put_off = true;
        return err_new(ERR_LOCKED, "a passphrase must be asked for");
    }
    if (!asks)
        task_enter(t);
    err *e = t->finder->passphrase(t->finder->context, request, out);
    if (!asks)
        task_leave(t);
    return e;
}

/* What the finder of a task does, but for keeping keys. */
static struct key_finder without_keeping(struct task *t)
{
    struct key_finder f = *t->finder;
    f.context = t;
    f.certs = find_certs;
    f.secrets = find_secrets;
    f.passphrase = find_passphrase;
    return f;
}

static err *unlock(void *context, const struct cert *c, const struct component *key,
                   const struct s2k_limits *limits, struct secret **out)
{
    struct task *t = context;
    const struct key_finder finder = without_keeping(t);
    return kept_keys_unlock(&t->batch->keys, c, key, &finder, limits, out);
}

struct key_finder task_finder(struct task *t, const struct key_finder *inner)
{
    if (t->batch == NULL)
        return *inner;
    t->finder = inner;
    struct key_finder f = without_keeping(t);
    f.unlock = unlock;
    return f;
}
