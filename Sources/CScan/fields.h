// The body of cscan_fields, once for each set of instructions. The includer defines FIELDS (the function's name), TARGET (its
// attribute) and MASKS (a function that turns 64 bytes into bit masks).

TARGET static cscan_result FIELDS(
    const uint8_t *bytes, size_t count, uint8_t delimiter, int quote, uint32_t *separators, uint32_t *row_ends)
{
    uint32_t *next = separators;
    uint32_t *next_row = row_ends;
    uint64_t any_high = 0, any_quote = 0, irregular = 0;
    // All ones while a block begins inside quotes.
    uint64_t inside_carry = 0;
    // Whether the byte before the block is a separator or quote, a CR outside of quotes, a quote that closed.
    uint64_t before_is_edge = 1, before_is_cr = 0, before_closed = 0;
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

        uint64_t inside = inside_carry;
        if (quotes | inside_carry | before_closed) {
            // A bit is inside where an odd number of quotes stands at or before it.
            uint64_t parity = quotes;
            parity ^= parity << 1;
            parity ^= parity << 2;
            parity ^= parity << 4;
            parity ^= parity << 8;
            parity ^= parity << 16;
            parity ^= parity << 32;
            inside = parity ^ inside_carry;
            uint64_t edges = ((delimiters | lf | cr) & ~inside) | quotes;
            uint64_t opens = quotes & inside;
            uint64_t closes = quotes & ~inside;
            // What opens stands behind a separator, or behind a quote as the second half of a pair.
            irregular |= opens & ~(edges << 1 | before_is_edge);
            // What closes stands before a separator or a quote; at the end of the chunk it may stand last.
            irregular |= (closes << 1 | before_closed) & valid & ~edges;
            before_closed = closes >> 63;
            inside_carry = (uint64_t)((int64_t)inside >> 63);
            delimiters &= ~inside;
            lf &= ~inside;
            cr &= ~inside;
            before_is_edge = edges >> 63;
        } else {
            before_is_edge = (delimiters | lf | cr) >> 63;
        }
        // The second half of a CRLF is no separator of its own.
        uint64_t breaks = (lf & ~(cr << 1 | before_is_cr)) | cr;
        before_is_cr = cr >> 63;

        uint64_t marks = delimiters | breaks;
        uint32_t number = (uint32_t)(next - separators);
        while (breaks) {
            uint64_t lowest = breaks & (0 - breaks);
            *next_row++ = number + (uint32_t)__builtin_popcountll(marks & (lowest - 1));
            breaks ^= lowest;
        }
        // Four at a time: what is written beyond the last mark is written over by the next block. There is room: a block
        // has as many bytes as entries.
        int marked = __builtin_popcountll(marks);
        uint32_t *to = next;
        for (int written = 0; written < marked; written += 4) {
            for (int step = 0; step < 4; step++) {
                to[step] = (uint32_t)base + (uint32_t)__builtin_ctzll(marks | 1ULL << 63);
                marks &= marks - 1;
            }
            to += 4;
        }
        next += marked;
    }
    cscan_result result;
    result.separator_count = (size_t)(next - separators);
    result.row_count = (size_t)(next_row - row_ends);
    result.has_non_ascii = any_high != 0;
    result.has_quotes = any_quote != 0;
    result.is_irregular = irregular != 0 || inside_carry != 0;
    return result;
}
