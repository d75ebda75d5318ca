// Compiled without -march: this code must run on every processor.
#include "processor.h"
#include <string.h>

bool lockstep_processor_has(const char *name) {
#if defined(__x86_64__)
#define CHECK(feature) \
    if (strcmp(name, feature) == 0) return __builtin_cpu_supports(feature)
    __builtin_cpu_init();
    CHECK("sse3");
    CHECK("ssse3");
    CHECK("sse4.1");
    CHECK("sse4.2");
    CHECK("popcnt");
    CHECK("avx");
    CHECK("avx2");
    CHECK("fma");
    CHECK("f16c");
    CHECK("bmi");
    CHECK("bmi2");
    CHECK("lzcnt");
    CHECK("movbe");
    CHECK("adx");
    CHECK("avx512f");
    CHECK("avx512bw");
    CHECK("avx512cd");
    CHECK("avx512dq");
    CHECK("avx512vl");
    CHECK("avx512ifma");
    CHECK("avx512vbmi");
    CHECK("avx512vbmi2");
    CHECK("avx512vnni");
    CHECK("avx512bitalg");
    CHECK("avx512vpopcntdq");
    CHECK("avx512bf16");
    CHECK("avx512fp16");
    CHECK("avxvnni");
    CHECK("avxifma");
    CHECK("gfni");
    CHECK("sse4a");
    CHECK("fma4");
    CHECK("xop");
#undef CHECK
#endif
    (void)name;
    return false;
}
