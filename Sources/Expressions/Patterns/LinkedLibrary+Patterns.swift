internal import CPCRE2
public import Tables

extension LinkedLibrary {
    /// What matches regular expressions.
    public static var patterns: LinkedLibrary {
        let text = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 64) { buffer in
            buffer.initialize(repeating: 0)
            // Its version is "10.42 2022-12-11": the library says so itself that 24 bytes are enough.
            _ = pcre2_config_8(UInt32(PCRE2_CONFIG_VERSION), buffer.baseAddress)
            return String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
        }
        var compiles: UInt32 = 0
        _ = pcre2_config_8(UInt32(PCRE2_CONFIG_JIT), &compiles)
        return LinkedLibrary(
            name: "PCRE2", version: String(text.prefix { $0 != " " }),
            lacks: compiles == 1 ? nil : "compiling to machine code, so that patterns are slow")
    }
}
