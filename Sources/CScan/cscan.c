#include "cscan.h"

#include <string.h>

// The byte loops that need SIMD: bit masks of 64 bytes at a time. Everything else about delimited text is Swift.

/// A bit for each of 64 bytes.
typedef struct {
    uint64_t delimiter, lf, cr, quote, high;
} block_masks;

/// Writes the places of bits, each with `base` added.
///
/// Eight at once, of which most blocks need no more, then four at a time. What is written beyond the last is written over by
/// the next block; there is room: a block has as many bytes as entries.
#define PLAIN_STEP(step) \
    to[step] = base + (uint32_t)__builtin_ctzll(marks | 1ULL << 63); \
    marks &= marks - 1;

__attribute__((always_inline)) static inline void places_plain(uint64_t marks, uint32_t base, int count, uint32_t *to)
{
    PLAIN_STEP(0) PLAIN_STEP(1) PLAIN_STEP(2) PLAIN_STEP(3)
    PLAIN_STEP(4) PLAIN_STEP(5) PLAIN_STEP(6) PLAIN_STEP(7)
    for (int written = 8; written < count; written += 4) {
        to += written == 8 ? 8 : 4;
        PLAIN_STEP(0) PLAIN_STEP(1) PLAIN_STEP(2) PLAIN_STEP(3)
    }
}

/// Writes the numbers that some of the bits have among all of them, each with `base` added.
__attribute__((always_inline)) static inline void ranks_plain(
    uint64_t marks, uint64_t some, uint32_t base, int count, uint32_t *to)
{
    // Without a branch for the one row that ends in a block, or none.
    uint64_t lowest = some & (0 - some);
    to[0] = base + (uint32_t)__builtin_popcountll(marks & (lowest - 1));
    for (int written = 1; written < count; written++) {
        some ^= lowest;
        lowest = some & (0 - some);
        to[written] = base + (uint32_t)__builtin_popcountll(marks & (lowest - 1));
    }
}

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

/// Writes the places of bits, and of those that a mask of their numbers has, each less than 64 and with `base` added.
///
/// Sixteen at a time, of which most blocks need one. What is written beyond the last is written over by the next block.
__attribute__((target("avx512f,avx512bw,avx512vbmi2,bmi,bmi2,popcnt"))) static inline void places_avx512(
    uint64_t marks, uint32_t base, int count, uint32_t *to)
{
    const __m512i numbers = _mm512_set_epi8(
        63, 62, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 40, 39, 38, 37, 36,
        35, 34, 33, 32, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7,
        6, 5, 4, 3, 2, 1, 0);
    __m512i packed = _mm512_maskz_compress_epi8(marks, numbers);
    __m512i bases = _mm512_set1_epi32((int)base);
    _mm512_storeu_si512(to, _mm512_add_epi32(bases, _mm512_cvtepu8_epi32(_mm512_castsi512_si128(packed))));
    if (count <= 16) return;
    _mm512_storeu_si512(
        to + 16, _mm512_add_epi32(bases, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 1))));
    if (count <= 32) return;
    _mm512_storeu_si512(
        to + 32, _mm512_add_epi32(bases, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 2))));
    _mm512_storeu_si512(
        to + 48, _mm512_add_epi32(bases, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(packed, 3))));
}

__attribute__((target("avx512f,avx512bw,avx512vbmi2,bmi,bmi2,popcnt"))) static inline void ranks_avx512(
    uint64_t marks, uint64_t some, uint32_t base, int count, uint32_t *to)
{
    places_avx512(_pext_u64(some, marks), base, count, to);
}

#define VARIANT(name) name##_baseline
#define TARGET
#define MASKS masks_sse2
#define PLACES places_plain
#define RANKS ranks_plain
#include "fields.h"
#undef VARIANT
#undef TARGET
#undef MASKS

#define VARIANT(name) name##_avx2
#define TARGET __attribute__((target("avx2,bmi,bmi2,popcnt")))
#define MASKS masks_avx2
#include "fields.h"
#undef VARIANT
#undef TARGET
#undef MASKS
#undef PLACES
#undef RANKS

#define VARIANT(name) name##_avx512
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vbmi2,avx2,bmi,bmi2,popcnt")))
#define MASKS masks_avx512
#define PLACES places_avx512
#define RANKS ranks_avx512
#include "fields.h"
#undef VARIANT
#undef TARGET
#undef MASKS
#undef PLACES
#undef RANKS

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

#define VARIANT(name) name##_baseline
#define TARGET
#define MASKS masks_baseline
#define PLACES places_plain
#define RANKS ranks_plain
#include "fields.h"

#endif

#if defined(__x86_64__)
static int has_avx512(void)
{
    return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("bmi2");
}

static int has_avx2(void) { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"); }
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
    if (has_avx512()) return fields_avx512(bytes, count, delimiter, quote, separators, row_ends);
    if (has_avx2()) return fields_avx2(bytes, count, delimiter, quote, separators, row_ends);
#endif
    return fields_baseline(bytes, count, delimiter, quote, separators, row_ends);
}

cscan_rows cscan_last_row(const uint8_t *bytes, size_t count, uint8_t delimiter, uint8_t quote)
{
#if defined(__x86_64__)
    if (has_avx512()) return last_row_avx512(bytes, count, delimiter, quote);
    if (has_avx2()) return last_row_avx2(bytes, count, delimiter, quote);
#endif
    return last_row_baseline(bytes, count, delimiter, quote);
}

const char *cscan_instructions(void)
{
#if defined(__x86_64__)
    return has_avx512() ? "AVX-512" : has_avx2() ? "AVX2" : "SSE2";
#elif defined(__aarch64__)
    return "NEON";
#else
    return "scalar";
#endif
}
