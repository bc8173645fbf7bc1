#include "cscan.h"

#include <string.h>

// Well-formed UTF-8, 32 bytes at a time: J. Keiser and D. Lemire, "Validating UTF-8 In Less Than One Instruction Per Byte",
// Software: Practice and Experience 51 (2021). Three looks into tables of 16 entries tell what is wrong with a byte and the
// one before; how many bytes must follow a lead of three or four is compared with what they say.

/// The beginning of the character that a place is in, or of one before, where all bytes before the place are well-formed but
/// for the end.
static size_t character_start(const uint8_t *bytes, size_t place)
{
    size_t start = place < 4 ? 0 : place - 4;
    while (start > 0 && (bytes[start] & 0xC0) == 0x80) start--;
    return start;
}

#if defined(__x86_64__)
#include <immintrin.h>

enum {
    too_short = 1 << 0,       // a lead, and no continuation behind it
    too_long = 1 << 1,        // a continuation behind ASCII
    overlong_3 = 1 << 2,      // E0 80…9F
    too_large = 1 << 3,       // F4 90…BF, F5…FF and a continuation
    surrogate = 1 << 4,       // ED A0…BF
    overlong_2 = 1 << 5,      // C0…C1 and a continuation
    overlong_4 = 1 << 6,      // F0 80…8F; also F5…FF 80…8F, which are too large
    two_continuations = 1 << 7, // right only as the third or fourth byte of a character
    any_lead = too_short | too_long | two_continuations,
};

#define TWICE(...) _mm256_setr_epi8(__VA_ARGS__, __VA_ARGS__)

__attribute__((target("avx2"))) static size_t utf8_avx2(const uint8_t *bytes, size_t count)
{
    const __m256i by_first_high = TWICE(
        too_long, too_long, too_long, too_long, too_long, too_long, too_long, too_long, (char)two_continuations,
        (char)two_continuations, (char)two_continuations, (char)two_continuations, too_short | overlong_2, too_short,
        too_short | overlong_3 | surrogate, too_short | too_large | overlong_4);
    const __m256i by_first_low = TWICE(
        (char)(any_lead | overlong_3 | overlong_2 | overlong_4), (char)(any_lead | overlong_2), (char)any_lead,
        (char)any_lead, (char)(any_lead | too_large), (char)(any_lead | too_large | overlong_4),
        (char)(any_lead | too_large | overlong_4), (char)(any_lead | too_large | overlong_4),
        (char)(any_lead | too_large | overlong_4), (char)(any_lead | too_large | overlong_4),
        (char)(any_lead | too_large | overlong_4), (char)(any_lead | too_large | overlong_4),
        (char)(any_lead | too_large | overlong_4), (char)(any_lead | too_large | overlong_4 | surrogate),
        (char)(any_lead | too_large | overlong_4), (char)(any_lead | too_large | overlong_4));
    const __m256i by_second_high = TWICE(
        too_short, too_short, too_short, too_short, too_short, too_short, too_short, too_short,
        (char)(too_long | overlong_2 | two_continuations | overlong_3 | overlong_4),
        (char)(too_long | overlong_2 | two_continuations | overlong_3 | too_large),
        (char)(too_long | overlong_2 | two_continuations | surrogate | too_large),
        (char)(too_long | overlong_2 | two_continuations | surrogate | too_large), too_short, too_short, too_short,
        too_short);
    const __m256i low = _mm256_set1_epi8(0x0F);
    // A lead in one of the last bytes that wants more than are there.
    const __m256i last_complete = _mm256_setr_epi8(
        -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
        -1, (char)0xEF, (char)0xDF, (char)0xBF);
    __m256i before = _mm256_setzero_si256();
    __m256i incomplete = _mm256_setzero_si256();
    uint8_t tail[32];

    for (size_t base = 0; base < count; base += 32) {
        const uint8_t *block = bytes + base;
        if (count - base < 32) {
            // Zeros behind the end make what is incomplete too short.
            memset(tail, 0, sizeof tail);
            memcpy(tail, block, count - base);
            block = tail;
        }
        __m256i text = _mm256_loadu_si256((const __m256i *)block);
        __m256i wrong = incomplete;
        if (_mm256_movemask_epi8(text) != 0) {
            __m256i across = _mm256_permute2x128_si256(before, text, 0x21);
            __m256i first = _mm256_alignr_epi8(text, across, 15);
            __m256i second_before = _mm256_alignr_epi8(text, across, 14);
            __m256i third_before = _mm256_alignr_epi8(text, across, 13);
            __m256i pair = _mm256_and_si256(
                _mm256_and_si256(
                    _mm256_shuffle_epi8(by_first_high, _mm256_and_si256(_mm256_srli_epi16(first, 4), low)),
                    _mm256_shuffle_epi8(by_first_low, _mm256_and_si256(first, low))),
                _mm256_shuffle_epi8(by_second_high, _mm256_and_si256(_mm256_srli_epi16(text, 4), low)));
            // The highest bit where a third or fourth byte must be: two continuations are right there, and only there.
            __m256i must_go_on = _mm256_and_si256(
                _mm256_or_si256(
                    _mm256_subs_epu8(second_before, _mm256_set1_epi8(0xE0 - 0x80)),
                    _mm256_subs_epu8(third_before, _mm256_set1_epi8(0xF0 - 0x80))),
                _mm256_set1_epi8((char)0x80));
            wrong = _mm256_xor_si256(must_go_on, pair);
            incomplete = _mm256_subs_epu8(text, last_complete);
        } else {
            incomplete = _mm256_setzero_si256();
        }
        if (!_mm256_testz_si256(wrong, wrong)) return character_start(bytes, base);
        before = text;
    }
    return _mm256_testz_si256(incomplete, incomplete) ? count : character_start(bytes, count);
}
#endif

size_t cscan_utf8(const uint8_t *bytes, size_t count)
{
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) return utf8_avx2(bytes, count);
#endif
    return character_start(bytes, 0);
}
