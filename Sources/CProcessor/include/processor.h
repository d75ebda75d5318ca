// Which instructions code was compiled for, and which the running processor has. Names are those of GCC and Clang.
#pragma once
#include <stdbool.h>

/// The instruction sets that the *including* code was compiled for and may use, separated by spaces. Evaluated by the
/// compiler, so it holds for whoever includes it; empty on processors other than x86. Listed is what a compiler uses of
/// itself; instructions that must be asked for by name, such as AES, are not.
static inline const char *lockstep_compiled_instructions(void) {
    return ""
#ifdef __SSE3__
           "sse3 "
#endif
#ifdef __SSSE3__
           "ssse3 "
#endif
#ifdef __SSE4_1__
           "sse4.1 "
#endif
#ifdef __SSE4_2__
           "sse4.2 "
#endif
#ifdef __POPCNT__
           "popcnt "
#endif
#ifdef __AVX__
           "avx "
#endif
#ifdef __AVX2__
           "avx2 "
#endif
#ifdef __FMA__
           "fma "
#endif
#ifdef __F16C__
           "f16c "
#endif
#ifdef __BMI__
           "bmi "
#endif
#ifdef __BMI2__
           "bmi2 "
#endif
#ifdef __LZCNT__
           "lzcnt "
#endif
#ifdef __MOVBE__
           "movbe "
#endif
#ifdef __ADX__
           "adx "
#endif
#ifdef __AVX512F__
           "avx512f "
#endif
#ifdef __AVX512BW__
           "avx512bw "
#endif
#ifdef __AVX512CD__
           "avx512cd "
#endif
#ifdef __AVX512DQ__
           "avx512dq "
#endif
#ifdef __AVX512VL__
           "avx512vl "
#endif
#ifdef __AVX512IFMA__
           "avx512ifma "
#endif
#ifdef __AVX512VBMI__
           "avx512vbmi "
#endif
#ifdef __AVX512VBMI2__
           "avx512vbmi2 "
#endif
#ifdef __AVX512VNNI__
           "avx512vnni "
#endif
#ifdef __AVX512BITALG__
           "avx512bitalg "
#endif
#ifdef __AVX512VPOPCNTDQ__
           "avx512vpopcntdq "
#endif
#ifdef __AVX512BF16__
           "avx512bf16 "
#endif
#ifdef __AVX512FP16__
           "avx512fp16 "
#endif
#ifdef __AVXVNNI__
           "avxvnni "
#endif
#ifdef __AVXIFMA__
           "avxifma "
#endif
#ifdef __GFNI__
           "gfni "
#endif
#ifdef __SSE4A__
           "sse4a "
#endif
#ifdef __FMA4__
           "fma4 "
#endif
#ifdef __XOP__
           "xop "
#endif
        ;
}

/// Whether the processor and the operating system can run that instruction set; false for names not listed above.
bool lockstep_processor_has(const char *name);

/// Asks for the cache line that holds an address, for reading soon, into the second-level cache; never faults.
static inline void lockstep_prefetch(const void *address) {
    __builtin_prefetch(address, 0, 2);
}
