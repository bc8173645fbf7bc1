#ifndef CSCAN_H
#define CSCAN_H

#include <stddef.h>
#include <stdint.h>

/// What a look at a chunk of delimited text found, besides the places it wrote down.
typedef struct {
    /// Places that were written to `separators`.
    size_t separator_count;
    /// Rows that end with a line break: entries of `row_ends`.
    size_t row_count;
    /// Whether a byte above 0x7F is there.
    int has_non_ascii;
    /// Whether a quote is there.
    int has_quotes;
    /// Whether two quotes stand for one inside of a field.
    int has_doubled_quotes;
    /// Whether a quote stands where quotes neither open nor close a field, or one is never closed. Then the places mean
    /// nothing, and a reader that goes byte by byte must look again.
    int is_irregular;
} cscan_result;

/// Finds the delimiters and line breaks (LF, CR, CRLF as one) outside of quotes in a chunk that begins at the beginning of a row.
///
/// `separators` gets their places, ascending; `row_ends`, for each line break, its number among the separators. Both need room
/// for `count` + 64 entries. `quote` below 0: there are no quotes. 64 bytes a step, by the widest instructions that the machine has.
cscan_result cscan_fields(
    const uint8_t *bytes, size_t count, uint8_t delimiter, int quote, uint32_t *separators, uint32_t *row_ends);

/// The same, by the instructions that any machine of the architecture has.
cscan_result cscan_fields_baseline(
    const uint8_t *bytes, size_t count, uint8_t delimiter, int quote, uint32_t *separators, uint32_t *row_ends);

/// Where the last row of a chunk ends.
typedef struct {
    /// Behind the last line break outside of quotes; 0 where there is none.
    size_t end;
    /// Whether a quote stands where quotes neither open nor close a field: then the place means nothing.
    int is_irregular;
    /// Whether the chunk ends inside of quotes.
    int is_open;
} cscan_rows;

/// Finds the last line break outside of quotes in a chunk that begins at the beginning of a row, by the widest instructions that
/// the machine has.
cscan_rows cscan_last_row(const uint8_t *bytes, size_t count, uint8_t delimiter, uint8_t quote);

/// How far a text is well-formed UTF-8: `count` where all of it is, else the beginning of a character at or before the first
/// byte that isn't, from which to look for it.
///
/// 0 where the machine has no instructions to tell.
size_t cscan_utf8(const uint8_t *bytes, size_t count);

/// The name of the instructions that `cscan_fields` uses here.
const char *cscan_instructions(void);

#endif
