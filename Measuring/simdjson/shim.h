#ifndef SIMDJSON_SHIM_H
#define SIMDJSON_SHIM_H
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What simdjson makes of a document. */
typedef struct {
    int32_t error;   /* 0: accepted; else simdjson's error code */
    uint64_t digest; /* of an accepted document, over kinds, texts, numbers and their order */
} simdjson_verdict;

simdjson_verdict simdjson_judge(const uint8_t *bytes, size_t count);
const char *simdjson_error_name(int32_t error);

#ifdef __cplusplus
}
#endif
#endif
