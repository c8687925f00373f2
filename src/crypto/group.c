#include "crypto/group.h"

#include "base/mem.h"
#include "base/text.h"

/* Scalars are taken four bits at a time. */
enum { WINDOW = 4, TABLE = 1 << WINDOW, POINT_LIMBS = sizeof(struct point) / sizeof(mp_limb_t) };

static void load_parameter(struct field *f, const char *digits, struct residue *out)
{
    uint8_t bytes[FIELD_LEN_MAX];
    text_unhex(digits, bytes, f->len);
    field_load(f, bytes, out);
}

static void init_field(struct field *f, const char *digits, size_t len)
{
    uint8_t bytes[FIELD_LEN_MAX];
    text_unhex(digits, bytes, len);
    field_init(f, slice_of(bytes, len));
}

void group_init(struct group *g, const struct group_parameters *parameters)
{
    struct field *f = &g->coordinates;
    *g = (struct group){0};
    init_field(f, parameters->p, parameters->len);
    init_field(&g->scalars, parameters->n, parameters->len);
    load_parameter(f, parameters->a, &g->a);
    load_parameter(f, parameters->b, &g->b);
    field_add(f, &g->b, &g->b, &g->b3);
    field_add(f, &g->b3, &g->b, &g->b3);
    load_parameter(f, parameters->x, &g->base.x);
    load_parameter(f, parameters->y, &g->base.y);
    g->base.z = f->one;
}

void group_clear(struct group *g)
{
    mem_wipe(g, sizeof *g);
}

bool group_load(struct group *g, const uint8_t *x, const uint8_t *y, struct point *out)
{
    struct field *f = &g->coordinates;
    struct residue left, right = {0};
    bool below = field_load(f, x, &out->x) && field_load(f, y, &out->y);
    if (!below)
        return false;
    out->z = f->one;
    left = out->y;
    field_mul(f, &left, &left, &left);
    field_mul(f, &out->x, &out->x, &right); /* (x^2 + a) x + b */
    field_add(f, &right, &g->a, &right);
    field_mul(f, &right, &out->x, &right);
    field_add(f, &right, &g->b, &right);
    return field_equal(&left, &right);
}

void group_store(struct group *g, const struct point *p, uint8_t *x, uint8_t *y)
{
    struct field *f = &g->coordinates;
    struct residue inverse, affine = {0};
    field_invert(f, &p->z, &inverse);
    field_mul(f, &p->x, &inverse, &affine);
    field_store(f, &affine, x);
    field_mul(f, &p->y, &inverse, &affine);
    field_store(f, &affine, y);
    mem_wipe(&inverse, sizeof inverse);
    mem_wipe(&affine, sizeof affine);
}

/* a b + c d */
static void mul_add(struct group *g, const struct residue *a, const struct residue *b,
                    const struct residue *c, const struct residue *d, struct residue *out)
{
    field_mul(&g->coordinates, a, b, &g->work.u);
    field_mul(&g->coordinates, c, d, &g->work.v);
    field_add(&g->coordinates, &g->work.u, &g->work.v, out);
}

/* The sum of two points out of these products of their coordinates, where xy stands for
 * x1 y2 + x2 y1 and so on.  With m = a xz + 3b zz, s = 3b xz + a (xx - a zz) and
 * t = 3 xx + a zz it is
 *
 *     x = xy (yy - m) - yz s
 *     y = (yy + m) (yy - m) + t s
 *     z = yz (yy + m) + xy t */
static void combine(struct group *g, struct point *out)
{
    struct field *f = &g->coordinates;
    struct group_work *w = &g->work;
    field_mul(f, &g->a, &w->zz, &w->azz);
    mul_add(g, &g->a, &w->xz, &g->b3, &w->zz, &w->m);
    field_add(f, &w->yy, &w->m, &w->plus);
    field_sub(f, &w->yy, &w->m, &w->minus);
    field_sub(f, &w->xx, &w->azz, &w->s);
    mul_add(g, &g->b3, &w->xz, &g->a, &w->s, &w->s);
    field_add(f, &w->xx, &w->xx, &w->t);
    field_add(f, &w->t, &w->xx, &w->t);
    field_add(f, &w->t, &w->azz, &w->t);
    field_mul(f, &w->xy, &w->minus, &w->u);
    field_mul(f, &w->yz, &w->s, &w->v);
    field_sub(f, &w->u, &w->v, &out->x);
    mul_add(g, &w->plus, &w->minus, &w->t, &w->s, &out->y);
    mul_add(g, &w->yz, &w->plus, &w->xy, &w->t, &out->z);
}

/* a1 b2 + a2 b1 = (a1 + b1) (a2 + b2) - aa - bb */
static void cross(struct group *g, const struct residue *a1, const struct residue *b1,
                  const struct residue *a2, const struct residue *b2, const struct residue *aa,
                  const struct residue *bb, struct residue *out)
{
    struct field *f = &g->coordinates;
    field_add(f, a1, b1, &g->work.u);
    field_add(f, a2, b2, &g->work.v);
    field_mul(f, &g->work.u, &g->work.v, out);
    field_sub(f, out, aa, out);
    field_sub(f, out, bb, out);
}

void group_add(struct group *g, const struct point *p, const struct point *q, struct point *out)
{
    struct field *f = &g->coordinates;
    struct group_work *w = &g->work;
    field_mul(f, &p->x, &q->x, &w->xx);
    field_mul(f, &p->y, &q->y, &w->yy);
    field_mul(f, &p->z, &q->z, &w->zz);
    cross(g, &p->x, &p->y, &q->x, &q->y, &w->xx, &w->yy, &w->xy);
    cross(g, &p->x, &p->z, &q->x, &q->z, &w->xx, &w->zz, &w->xz);
    cross(g, &p->y, &p->z, &q->y, &q->z, &w->yy, &w->zz, &w->yz);
    combine(g, out);
}

/* 2 a b */
static void twice(struct group *g, const struct residue *a, const struct residue *b,
                  struct residue *out)
{
    field_mul(&g->coordinates, a, b, out);
    field_add(&g->coordinates, out, out, out);
}

/* p + p, for less. */
static void double_it(struct group *g, struct point *p)
{
    struct field *f = &g->coordinates;
    struct group_work *w = &g->work;
    field_mul(f, &p->x, &p->x, &w->xx);
    field_mul(f, &p->y, &p->y, &w->yy);
    field_mul(f, &p->z, &p->z, &w->zz);
    twice(g, &p->x, &p->y, &w->xy);
    twice(g, &p->x, &p->z, &w->xz);
    twice(g, &p->y, &p->z, &w->yz);
    combine(g, p);
}

/* 0, p, 2p, ... */
static void fill_table(struct group *g, const struct point *p, struct point table[static TABLE])
{
    table[0] = (struct point){.y = g->coordinates.one};
    for (size_t i = 1; i < TABLE; i++)
        group_add(g, &table[i - 1], p, &table[i]);
}

static unsigned window_of(const uint8_t *scalar, size_t i)
{
    return (i % 2 == 0 ? scalar[i / 2] >> WINDOW : scalar[i / 2]) & (TABLE - 1);
}

/* Reads the whole table, whatever is picked. */
static void add_picked(struct group *g, const struct point table[static TABLE], unsigned which,
                       struct point *sum)
{
    struct point picked;
    mpn_sec_tabselect((mp_limb_t *)&picked, (const mp_limb_t *)table, POINT_LIMBS, TABLE, which);
    group_add(g, sum, &picked, sum);
    mem_wipe(&picked, sizeof picked);
}

void group_sum(struct group *g, const struct group_term *terms, size_t n, struct point *out)
{
    struct point tables[GROUP_TERMS][TABLE];
    struct point sum = {.y = g->coordinates.one};
    for (size_t i = 0; i < n; i++)
        fill_table(g, terms[i].point, tables[i]);
    for (size_t i = 0; i < 2 * g->scalars.len; i++) {
        for (int k = 0; k < WINDOW; k++)
            double_it(g, &sum);
        for (size_t j = 0; j < n; j++)
            add_picked(g, tables[j], window_of(terms[j].scalar, i), &sum);
    }
    *out = sum;
    mem_wipe(&sum, sizeof sum);
}
