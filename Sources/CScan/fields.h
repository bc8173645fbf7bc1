// The loops over blocks of 64 bytes, once for each set of instructions. The includer defines VARIANT (a function's name by its
// stem), TARGET (its attribute), MASKS (a function that turns 64 bytes into bit masks), PLACES and RANKS (functions that write
// the places of bits, and the numbers that some of them have among all).

/// The quotes of one block after another: which bytes are inside of them, and whether they stand where quotes may.
typedef struct {
    // All ones while a block begins inside quotes.
    uint64_t inside_carry;
    // Whether the byte before the block is a separator or quote; a quote that closed.
    uint64_t before_is_edge, before_closed;
    uint64_t irregular, doubled;
} VARIANT(quote_state);

/// Which bytes of a block are inside of quotes, those that open included.
TARGET static inline uint64_t VARIANT(inside_quotes)(
    VARIANT(quote_state) *state, uint64_t quotes, uint64_t separators, uint64_t valid)
{
    if (!(quotes | state->inside_carry | state->before_closed)) {
        state->before_is_edge = separators >> 63;
        return 0;
    }
    // A bit is inside where an odd number of quotes stands at or before it.
    uint64_t parity = quotes;
    parity ^= parity << 1;
    parity ^= parity << 2;
    parity ^= parity << 4;
    parity ^= parity << 8;
    parity ^= parity << 16;
    parity ^= parity << 32;
    uint64_t inside = parity ^ state->inside_carry;
    uint64_t edges = (separators & ~inside) | quotes;
    uint64_t opens = quotes & inside;
    uint64_t closes = quotes & ~inside;
    uint64_t behind_closes = closes << 1 | state->before_closed;
    // What opens stands behind a separator, or behind a quote as the second half of a pair.
    state->irregular |= opens & ~(edges << 1 | state->before_is_edge);
    state->doubled |= opens & behind_closes;
    // What closes stands before a separator or a quote; at the end of the chunk it may stand last.
    state->irregular |= behind_closes & valid & ~edges;
    state->before_closed = closes >> 63;
    state->before_is_edge = edges >> 63;
    state->inside_carry = (uint64_t)((int64_t)inside >> 63);
    return inside;
}

TARGET static cscan_result VARIANT(fields)(
    const uint8_t *bytes, size_t count, uint8_t delimiter, int quote, uint32_t *separators, uint32_t *row_ends)
{
    uint32_t *next = separators;
    uint32_t *next_row = row_ends;
    uint64_t any_high = 0, any_quote = 0;
    VARIANT(quote_state) state = {0, 1, 0, 0, 0};
    // Whether the byte before the block is a CR outside of quotes.
    uint64_t before_is_cr = 0;
    uint8_t tail[64];

    for (size_t base = 0; base < count; base += 64) {
        const uint8_t *block = bytes + base;
        uint64_t valid = ~0ULL;
        if (count - base < 64) {
            // The last block is copied, so that nothing past the end is read.
            size_t rest = count - base;
            memset(tail, 0, sizeof tail);
            memcpy(tail, block, rest);
            block = tail;
            valid = (1ULL << rest) - 1;
        }
        block_masks masks = MASKS(block, delimiter, (uint8_t)quote);
        any_high |= masks.high & valid;
        uint64_t delimiters = masks.delimiter & valid;
        uint64_t lf = masks.lf & valid;
        uint64_t cr = masks.cr & valid;
        uint64_t quotes = quote < 0 ? 0 : masks.quote & valid;
        any_quote |= quotes;

        uint64_t outside = ~VARIANT(inside_quotes)(&state, quotes, delimiters | lf | cr, valid);
        delimiters &= outside;
        lf &= outside;
        cr &= outside;
        // The second half of a CRLF is no separator of its own.
        uint64_t breaks = (lf & ~(cr << 1 | before_is_cr)) | cr;
        before_is_cr = cr >> 63;

        uint64_t marks = delimiters | breaks;
        int marked = __builtin_popcountll(marks);
        int ended = __builtin_popcountll(breaks);
        RANKS(marks, breaks, (uint32_t)(next - separators), ended, next_row);
        PLACES(marks, (uint32_t)base, marked, next);
        next_row += ended;
        next += marked;
    }
    cscan_result result;
    result.separator_count = (size_t)(next - separators);
    result.row_count = (size_t)(next_row - row_ends);
    result.has_non_ascii = any_high != 0;
    result.has_quotes = any_quote != 0;
    result.has_doubled_quotes = state.doubled != 0;
    result.is_irregular = state.irregular != 0 || state.inside_carry != 0;
    return result;
}

TARGET static cscan_rows VARIANT(last_row)(const uint8_t *bytes, size_t count, uint8_t delimiter, uint8_t quote)
{
    VARIANT(quote_state) state = {0, 1, 0, 0, 0};
    uint64_t last_breaks = 0;
    size_t last_base = 0;
    uint8_t tail[64];
    for (size_t base = 0; base < count; base += 64) {
        const uint8_t *block = bytes + base;
        uint64_t valid = ~0ULL;
        if (count - base < 64) {
            size_t rest = count - base;
            memset(tail, 0, sizeof tail);
            memcpy(tail, block, rest);
            block = tail;
            valid = (1ULL << rest) - 1;
        }
        block_masks masks = MASKS(block, delimiter, quote);
        uint64_t breaks = (masks.lf | masks.cr) & valid;
        uint64_t inside =
            VARIANT(inside_quotes)(&state, masks.quote & valid, (masks.delimiter & valid) | breaks, valid);
        breaks &= ~inside;
        if (breaks) {
            last_breaks = breaks;
            last_base = base;
        }
    }
    cscan_rows rows;
    rows.end = last_breaks ? last_base + 64 - (size_t)__builtin_clzll(last_breaks) : 0;
    rows.is_irregular = state.irregular != 0;
    rows.is_open = state.inside_carry != 0;
    return rows;
}
