#include "cscan.h"

#include <string.h>

// The byte loops that need SIMD: bit masks of 64 bytes at a time. Everything else about delimited text is Swift.

/// A bit for each of 64 bytes.
typedef struct {
    uint64_t delimiter, lf, cr, quote, high;
} block_masks;

#if defined(__x86_64__)
#include <immintrin.h>

static inline block_masks masks_sse2(const uint8_t *block, uint8_t delimiter, uint8_t quote)
{
    block_masks masks = {0, 0, 0, 0, 0};
    __m128i delimiters = _mm_set1_epi8((char)delimiter), quotes = _mm_set1_epi8((char)quote);
    __m128i lf = _mm_set1_epi8('\n'), cr = _mm_set1_epi8('\r');
    for (int part = 0; part < 4; part++) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(block + 16 * part));
        int shift = 16 * part;
        masks.delimiter |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, delimiters)) << shift;
        masks.lf |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, lf)) << shift;
        masks.cr |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, cr)) << shift;
        masks.quote |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, quotes)) << shift;
        masks.high |= (uint64_t)(uint32_t)_mm_movemask_epi8(bytes) << shift;
    }
    return masks;
}

__attribute__((target("avx2"))) static inline block_masks masks_avx2(
    const uint8_t *block, uint8_t delimiter, uint8_t quote)
{
    block_masks masks = {0, 0, 0, 0, 0};
    __m256i delimiters = _mm256_set1_epi8((char)delimiter), quotes = _mm256_set1_epi8((char)quote);
    __m256i lf = _mm256_set1_epi8('\n'), cr = _mm256_set1_epi8('\r');
    for (int part = 0; part < 2; part++) {
        __m256i bytes = _mm256_loadu_si256((const __m256i *)(block + 32 * part));
        int shift = 32 * part;
        masks.delimiter |= (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, delimiters)) << shift;
        masks.lf |= (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, lf)) << shift;
        masks.cr |= (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, cr)) << shift;
        masks.quote |= (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, quotes)) << shift;
        masks.high |= (uint64_t)(uint32_t)_mm256_movemask_epi8(bytes) << shift;
    }
    return masks;
}

__attribute__((target("avx512f,avx512bw"))) static inline block_masks masks_avx512(
    const uint8_t *block, uint8_t delimiter, uint8_t quote)
{
    __m512i bytes = _mm512_loadu_si512(block);
    block_masks masks;
    masks.delimiter = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8((char)delimiter));
    masks.lf = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\n'));
    masks.cr = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8('\r'));
    masks.quote = _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8((char)quote));
    masks.high = _mm512_movepi8_mask(bytes);
    return masks;
}

#define FIELDS fields_baseline
#define TARGET
#define MASKS masks_sse2
#include "fields.h"
#undef FIELDS
#undef TARGET
#undef MASKS

#define FIELDS fields_avx2
#define TARGET __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define MASKS masks_avx2
#include "fields.h"
#undef FIELDS
#undef TARGET
#undef MASKS

#define FIELDS fields_avx512
#define TARGET __attribute__((target("avx512f,avx512bw,avx2,bmi,bmi2,popcnt")))
#define MASKS masks_avx512
#include "fields.h"
#undef FIELDS
#undef TARGET
#undef MASKS

#else

#if defined(__aarch64__)
#include <arm_neon.h>

/// The highest bit of each of 64 lanes, gathered.
static inline uint64_t gather(uint8x16_t a, uint8x16_t b, uint8x16_t c, uint8x16_t d)
{
    const uint8x16_t bit = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
    uint8x16_t ab = vpaddq_u8(vandq_u8(a, bit), vandq_u8(b, bit));
    uint8x16_t cd = vpaddq_u8(vandq_u8(c, bit), vandq_u8(d, bit));
    uint8x16_t all = vpaddq_u8(ab, cd);
    all = vpaddq_u8(all, all);
    return vgetq_lane_u64(vreinterpretq_u64_u8(all), 0);
}

static inline block_masks masks_baseline(const uint8_t *block, uint8_t delimiter, uint8_t quote)
{
    uint8x16_t a = vld1q_u8(block), b = vld1q_u8(block + 16), c = vld1q_u8(block + 32), d = vld1q_u8(block + 48);
#define EQUAL(byte) \
    gather(vceqq_u8(a, vdupq_n_u8(byte)), vceqq_u8(b, vdupq_n_u8(byte)), vceqq_u8(c, vdupq_n_u8(byte)), \
           vceqq_u8(d, vdupq_n_u8(byte)))
    uint8x16_t high = vdupq_n_u8(0x80);
    block_masks masks;
    masks.delimiter = EQUAL(delimiter);
    masks.lf = EQUAL('\n');
    masks.cr = EQUAL('\r');
    masks.quote = EQUAL(quote);
    masks.high = gather(vcgeq_u8(a, high), vcgeq_u8(b, high), vcgeq_u8(c, high), vcgeq_u8(d, high));
#undef EQUAL
    return masks;
}

#else

static inline block_masks masks_baseline(const uint8_t *block, uint8_t delimiter, uint8_t quote)
{
    block_masks masks = {0, 0, 0, 0, 0};
    for (int place = 0; place < 64; place++) {
        uint8_t byte = block[place];
        masks.delimiter |= (uint64_t)(byte == delimiter) << place;
        masks.lf |= (uint64_t)(byte == '\n') << place;
        masks.cr |= (uint64_t)(byte == '\r') << place;
        masks.quote |= (uint64_t)(byte == quote) << place;
        masks.high |= (uint64_t)(byte >> 7) << place;
    }
    return masks;
}

#endif

#define FIELDS fields_baseline
#define TARGET
#define MASKS masks_baseline
#include "fields.h"
#undef FIELDS
#undef TARGET
#undef MASKS

#endif

cscan_result cscan_fields_baseline(
    const uint8_t *bytes, size_t count, uint8_t delimiter, int quote, uint32_t *separators, uint32_t *row_ends)
{
    return fields_baseline(bytes, count, delimiter, quote, separators, row_ends);
}

cscan_result cscan_fields(
    const uint8_t *bytes, size_t count, uint8_t delimiter, int quote, uint32_t *separators, uint32_t *row_ends)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512bw")) {
        return fields_avx512(bytes, count, delimiter, quote, separators, row_ends);
    }
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) {
        return fields_avx2(bytes, count, delimiter, quote, separators, row_ends);
    }
#endif
    return fields_baseline(bytes, count, delimiter, quote, separators, row_ends);
}

const char *cscan_instructions(void)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512bw")) return "AVX-512";
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) return "AVX2";
    return "SSE2";
#elif defined(__aarch64__)
    return "NEON";
#else
    return "scalar";
#endif
}
