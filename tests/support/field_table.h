/* SPDX-License-Identifier: ISC
 *
 * field_table.h — fills in the functions of field_lanes.h around one template; included after it.
 */
static void take(fe *out, const field_number *in)
{
    for (int k = 0; k < FE_LIMBS; k++)
        out->limb[k] = (lane)in->limb[k];
}

static void give(field_number *out, const fe *in)
{
    for (int k = 0; k < FE_LIMBS; k++)
        out->limb[k] = in->limb[k];
}

static void table_mul(field_number *out, const field_number *a, const field_number *b)
{
    fe x, y;
    take(&x, a);
    take(&y, b);
    fe_mul(&x, &x, &y);
    give(out, &x);
}

static void table_square(field_number *out, const field_number *a)
{
    fe x;
    take(&x, a);
    square_once(&x, &x);
    give(out, &x);
}

static void table_add(field_number *out, const field_number *a, const field_number *b)
{
    fe x, y;
    take(&x, a);
    take(&y, b);
    fe_add(&x, &x, &y);
    give(out, &x);
}

static void table_sub(field_number *out, const field_number *a, const field_number *b)
{
    fe x, y;
    take(&x, a);
    take(&y, b);
    fe_sub(&x, &x, &y);
    give(out, &x);
}

static void table_twice_sub(field_number *out, const field_number *a, const field_number *b)
{
    fe x, y;
    take(&x, a);
    take(&y, b);
    fe_twice_sub(&x, &x, &y);
    give(out, &x);
}

static void table_memory(field_number *out, const field_number *a)
{
    fe x;
    lane limb[5];
    take(&x, a);
    fe_to51(limb, &x);
    fe_from51(&x, limb);
    give(out, &x);
}

#define FIELD_TABLE(title)                                                                     \
    {                                                                                          \
        title, FE_LIMBS, table_mul, table_square, table_add, table_sub, table_twice_sub,       \
            table_memory                                                                       \
    }
