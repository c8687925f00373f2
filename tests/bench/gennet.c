/* gennet - webs of trust: random ones to compare answers, plain ones to measure, hostile ones
 * to see that they do no harm.
 *
 *     gennet [--seed S] [--plan] -o FILE SHAPE NUMBER...
 *     gennet [--seed S] [--plan] -o FILE -
 *
 * Writes certificates (version 4, Ed25519) to FILE, and to standard output whom to ask about
 * them: lines "root FINGERPRINT", "target FINGERPRINT USER-ID" and "at TIME".  With --plan
 * everything comes there in the form of netplan.h, as it is read from standard input for "-".
 * The same seed always gives the same certificates.
 */
#include <getopt.h>
#include <string.h>

#include "crypto/pk.h"
#include "netmake.h"
#include "netshape.h"

struct job {
    uint32_t seed;
    bool show_plan;
    const char *file;
    char **shape;
    struct net net;
};

static err *usage(void)
{
    return err_new(ERR_USAGE, "gennet [--seed S] [--plan] -o FILE SHAPE NUMBER...|-\n%s",
                   net_shapes_help);
}

static void print_who(const struct net *n, const char *kind, const struct net_pair *who)
{
    char text[FPR_TEXT_SIZE];
    const struct net_user *user = net_user(n, who->cert, who->value);
    bool is_target = strcmp(kind, "target") == 0;
    fingerprint_text(&n->certs.items[who->cert].fpr, text);
    printf("%s %s%s%s\n", kind, text, is_target ? " " : "",
           is_target && user != NULL ? user->name : "");
}

static void print_questions(const struct net *n)
{
    for (size_t i = 0; i < n->roots.n; i++)
        print_who(n, "root", &n->roots.items[i]);
    for (size_t i = 0; i < n->targets.n; i++)
        print_who(n, "target", &n->targets.items[i]);
    for (size_t i = 0; i < n->times.n; i++)
        printf("at %u\n", n->times.items[i]);
}

static err *run(struct job *j)
{
    if (strcmp(j->shape[0], "-") == 0) {
        TRY(net_read(&j->net, stdin));
    } else {
        TRY(net_shape(j->shape, j->seed, &j->net));
        net_sort(&j->net);
    }
    FILE *out = fopen(j->file, "wb");
    if (out == NULL)
        return err_system(ERR_OUTPUT, "%s", j->file);
    err *e = net_make(&j->net, j->seed, out);
    if (fclose(out) != 0 && e == NULL)
        e = err_system(ERR_OUTPUT, "%s", j->file);
    if (e != NULL)
        return e;
    if (j->show_plan)
        net_print(&j->net, stdout);
    else
        print_questions(&j->net);
    return fflush(stdout) == 0 ? NULL : err_system(ERR_OUTPUT, "standard output");
}

static bool read_options(int argc, char **argv, struct job *j)
{
    static const struct option options[] = {
        {"seed", required_argument, NULL, 's'}, {"plan", no_argument, NULL, 'p'}, {0}};
    for (int option; (option = getopt_long(argc, argv, "+o:", options, NULL)) != -1;) {
        if (option == 's')
            j->seed = (uint32_t)strtoul(optarg, NULL, 10);
        else if (option == 'p')
            j->show_plan = true;
        else if (option == 'o')
            j->file = optarg;
        else
            return false;
    }
    j->shape = argv + optind;
    return j->file != NULL && optind < argc;
}

int main(int argc, char **argv)
{
    struct job j = {.seed = 1};
    char text[2048];
    pk_init();
    err *e = read_options(argc, argv, &j) ? run(&j) : usage();
    net_clear(&j.net);
    if (e == NULL)
        return 0;
    err_text(e, text, sizeof text);
    fprintf(stderr, "gennet: %s\n", text);
    err_free(e);
    return 1;
}
