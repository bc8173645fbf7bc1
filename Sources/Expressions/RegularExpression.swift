internal import CPCRE2
import Synchronization

/// A compiled pattern, in PCRE2's dialect, that is searched for in texts.
///
/// Texts are UTF-8 and character classes know Unicode; bytes that are not UTF-8 match nothing. `$` matches at the end and
/// before a final newline, `\Z` at the end alone, and `\u00e9` is a character by its number, all as in Python. Patterns that need no search are matched without PCRE2 (`SimplePattern`). The work a search may do is bounded: see ``MatchResult/undecided``. One expression may be used
/// by any number of threads at once, each with a ``Matcher`` of its own.
public final class RegularExpression: Sendable {
    public let pattern: String
    // Changed only under the lock, before any search, and freed in `deinit`; PCRE2 allows any number of threads to match with one
    // code.
    private nonisolated(unsafe) let code: OpaquePointer
    private let isCompiledForMachine = Mutex(false)
    let simple: SimplePattern?

    /// The longest pattern in bytes.
    public static let maximumPatternLength = 65_536

    /// - Throws: `bad-pattern`, with the offset where the pattern stopped making sense.
    public init(_ pattern: String) throws(ExpressionError) {
        self.pattern = pattern
        let spelling = PatternSpelling(pattern)
        let bytes = spelling.bytes
        guard bytes.count <= Self.maximumPatternLength else {
            throw ExpressionError(
                code: "bad-pattern",
                message:
                    "a pattern of \(bytes.count) bytes is too long, at most \(Self.maximumPatternLength) are allowed")
        }
        guard let context = pcre2_compile_context_create_8(nil) else { throw Self.outOfMemory }
        defer { pcre2_compile_context_free_8(context) }
        pcre2_set_newline_8(context, UInt32(PCRE2_NEWLINE_LF))
        let options = PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C
        var status: Int32 = 0
        var position = 0
        let compiled = bytes.withUnsafeBufferPointer { bytes in
            pcre2_compile_8(bytes.baseAddress ?? Self.nothing, bytes.count, options, &status, &position, context)
        }
        guard let compiled else {
            throw ExpressionError(
                code: "bad-pattern", message: Self.message(of: status), offset: spelling.offset(ofByte: position))
        }
        code = compiled
        simple = SimplePattern(String(decoding: bytes, as: UTF8.self))
    }

    /// Makes machine code of the pattern, once, before the first search.
    ///
    /// Where there is no compiler for the machine, PCRE2 interprets.
    fileprivate func compileForMachine() {
        isCompiledForMachine.withLock { isCompiled in
            if !isCompiled { _ = pcre2_jit_compile_8(code, PCRE2_JIT_COMPLETE) }
            isCompiled = true
        }
    }

    deinit { pcre2_code_free_8(code) }

    /// Lends a matcher for any number of texts.
    public func withMatcher<Result>(_ body: (inout Matcher) -> Result) -> Result {
        withExtendedLifetime(self) {
            var matcher = Matcher(self, code, groupCount: 0)
            return body(&matcher)
        }
    }

    /// Lends a matcher that also tells where the groups are.
    func withFinder<Result>(_ body: (inout Matcher) -> Result) -> Result {
        withExtendedLifetime(self) {
            var matcher = Matcher(self, code, groupCount: groupCount)
            return body(&matcher)
        }
    }

    /// How many groups in parentheses the pattern has.
    var groupCount: Int {
        var count: UInt32 = 0
        return pcre2_pattern_info_8(code, UInt32(PCRE2_INFO_CAPTURECOUNT), &count) == 0 ? Int(count) : 0
    }

    /// The answer for a single text; for many, borrow a matcher.
    public func matches(_ text: String) -> MatchResult {
        var text = text
        return text.withUTF8 { bytes in withMatcher { $0.matches(UnsafeRawBufferPointer(bytes)) } }
    }

    private static var outOfMemory: ExpressionError {
        ExpressionError(code: "bad-pattern", message: "no memory is left for compiling the pattern")
    }

    private static func message(of status: Int32) -> String {
        let text = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { buffer in
            let length = pcre2_get_error_message_8(status, buffer.baseAddress, buffer.count)
            return String(decoding: buffer.prefix(max(0, Int(length))), as: UTF8.self)
        }
        return text.isEmpty ? "error \(status) of the pattern's compiler" : text
    }

    /// A place to point to where there are no bytes: PCRE2 takes no null pointer.
    fileprivate static var nothing: UnsafePointer<UInt8> { ("" as StaticString).utf8Start }
}

/// Whether a text has a match somewhere.
public enum MatchResult: Sendable, Equatable {
    case match
    case noMatch
    /// The search was given up: the pattern backtracks too much, or recurses too deeply, on this text.
    case undecided
}

/// What one thread needs for searching, made once and used for many texts.
///
/// PCRE2's part is made with the first text that PCRE2 is asked about.
public struct Matcher: ~Copyable {
    /// How often the innermost function of the search may be called for one text: some hundredths of a second.
    static let matchLimit: UInt32 = 1_000_000
    static let depthLimit: UInt32 = 100_000
    static let heapLimitKiB: UInt32 = 65_536

    private let expression: RegularExpression
    private let code: OpaquePointer
    private let simple: SimplePattern?
    private let groupCount: Int
    private var isPrepared = false
    private var data: OpaquePointer?
    private var context: OpaquePointer?
    private var stack: OpaquePointer?

    fileprivate init(_ expression: RegularExpression, _ code: OpaquePointer, groupCount: Int) {
        self.expression = expression
        self.code = code
        simple = expression.simple
        self.groupCount = groupCount
    }

    @inline(never)
    private mutating func prepare() {
        isPrepared = true
        expression.compileForMachine()
        data = pcre2_match_data_create_8(UInt32(groupCount + 1), nil)
        context = pcre2_match_context_create_8(nil)
        guard let context else { return }
        pcre2_set_match_limit_8(context, Self.matchLimit)
        pcre2_set_depth_limit_8(context, Self.depthLimit)
        pcre2_set_heap_limit_8(context, Self.heapLimitKiB)
    }

    /// Gives the compiled search a megabyte in place of the 32 KiB of the thread's stack that do for nearly all.
    ///
    /// It is mapped, and that costs more than most searches.
    ///
    /// - Returns: false where it has it already, or there is none.
    @inline(never)
    private mutating func enlargeStack() -> Bool {
        guard stack == nil else { return false }
        stack = pcre2_jit_stack_create_8(32 * 1024, 1024 * 1024, nil)
        guard let stack else { return false }
        pcre2_jit_stack_assign_8(context, nil, UnsafeMutableRawPointer(stack))
        return true
    }

    deinit {
        pcre2_match_data_free_8(data)
        pcre2_match_context_free_8(context)
        pcre2_jit_stack_free_8(stack)
    }

    /// Searches a text, which may be empty and may hold invalid UTF-8.
    public mutating func matches(_ bytes: UnsafeRawBufferPointer) -> MatchResult {
        if let isMatch = simple?.matches(bytes) { return isMatch ? .match : .noMatch }
        return searches(bytes)
    }

    /// The same by PCRE2, whatever the pattern.
    mutating func searches(_ bytes: UnsafeRawBufferPointer) -> MatchResult {
        find(bytes, from: 0, isAnchored: false)
    }

    /// Searches from a place in the text; ``group(_:)`` tells where the match is.
    ///
    /// - isAnchored: whether the match must begin there and not be empty.
    mutating func find(_ bytes: UnsafeRawBufferPointer, from place: Int, isAnchored: Bool) -> MatchResult {
        if !isPrepared { prepare() }
        guard data != nil, context != nil else { return .undecided }
        let options = isAnchored ? PCRE2_ANCHORED | UInt32(PCRE2_NOTEMPTY_ATSTART) : 0
        var status = search(bytes, from: place, options)
        if status == PCRE2_ERROR_JIT_STACKLIMIT, enlargeStack() { status = search(bytes, from: place, options) }
        // The interpreter takes what the heap limit allows.
        if status == PCRE2_ERROR_JIT_STACKLIMIT { status = search(bytes, from: place, options | PCRE2_NO_JIT) }
        if status >= 0 { return .match }
        return status == PCRE2_ERROR_NOMATCH ? .noMatch : .undecided
    }

    /// Where a group of the last match is in the text; the match itself is group 0, and a group without part in it is `nil`.
    func group(_ index: Int) -> Range<Int>? {
        guard let data, index >= 0, index < Int(pcre2_get_ovector_count_8(data)),
            let places = pcre2_get_ovector_pointer_8(data)
        else { return nil }
        let (start, end) = (places[2 * index], places[2 * index + 1])
        // A group that took no part is at −1; `\K` may put an end before its start.
        return start >= 0 && start <= end ? Int(start)..<Int(end) : nil
    }

    private func search(_ bytes: UnsafeRawBufferPointer, from place: Int, _ options: UInt32) -> Int32 {
        let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? RegularExpression.nothing
        return pcre2_match_8(code, start, bytes.count, place, options, data, context)
    }
}
