/* SPDX-License-Identifier: ISC
 *
 * What was found, in sentences and as JSON.
 */
#include "leak/state.h"

#include <string.h>

static const char all_of_it[] =
    "They could work out whatever this outcome tells of your answers: the cases were not counted.";

static void text(tct_text *t, const char *s)
{
    tct_text_add(t, "\"");
    while (*s != 0) {
        size_t plain = strcspn(s, "\"\\\n");
        tct_text_bytes(t, s, plain);
        s += plain;
        if (*s != 0) /* other control characters cannot be in a sheet */
            tct_text_add(t, "\\%.*s", 1, *s == '\n' ? "n" : s);
        s += *s != 0;
    }
    tct_text_add(t, "\"");
}

static tacit_status finish(tct_text *t, bool some, size_t *bytes)
{
    tct_text_end(t);
    bool fits = some && t->needed < *bytes;
    *bytes = t->needed + 1;
    return fits ? TACIT_OK : TACIT_ERR_SPACE;
}

tacit_status tacit_leak_words(const tacit_leak *l, unsigned how, char *out, size_t *bytes)
{
    tct_text t;
    const tct_model *m = &l->sheet->model;
    (void)how;
    if (l->progress < TACIT_LEAK_DONE)
        return TACIT_ERR_USAGE;
    tct_text_init(&t, out, *bytes);
    for (uint32_t k = 0; k < m->outcome_count; k++)
        tct_text_add(&t, "%sIf you both see “%s”\n- %s\n", k == 0 ? "" : "\n",
                     m->outcomes[k].headline, all_of_it);
    return finish(&t, out != NULL, bytes);
}

tacit_status tacit_leak_reflect_words(const tacit_leak *l, char *out, size_t *bytes)
{
    tct_text t;
    if (l->progress < TACIT_LEAK_DONE)
        return TACIT_ERR_USAGE;
    tct_text_init(&t, out, *bytes);
    return finish(&t, out != NULL, bytes);
}

tacit_status tacit_leak_json(const tacit_leak *l, char *out, size_t *bytes)
{
    tct_text t;
    const tct_model *m = &l->sheet->model;
    if (l->progress < TACIT_LEAK_DONE)
        return TACIT_ERR_USAGE;
    tct_text_init(&t, out, *bytes);
    tct_text_add(&t, "{\"exact\":false,\"bound\":");
    text(&t, all_of_it);
    tct_text_add(&t, ",\"pairs\":0,\"outcomes\":[");
    for (uint32_t k = 0; k < m->outcome_count; k++) {
        tct_text_add(&t, "%s{\"id\":\"%s\",\"headline\":", k == 0 ? "" : ",",
                     m->outcomes[k].id.text);
        text(&t, m->outcomes[k].headline);
        tct_text_add(&t, ",\"possible\":true,\"about_you\":[");
        text(&t, all_of_it);
        tct_text_add(&t, "],\"about_them\":[],\"details\":[],\"details_of_them\":[]}");
    }
    tct_text_add(&t, "],\"settled\":[],\"needs\":[]}");
    return finish(&t, out != NULL, bytes);
}
