/// RFC 4648, §4.
enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func text(_ bytes: some Collection<UInt8>) -> String {
        var output: [UInt8] = []
        var group: UInt32 = 0
        var held = 0
        for byte in bytes {
            group = group << 8 | UInt32(byte)
            held += 1
            guard held == 3 else { continue }
            for shift in [18, 12, 6, 0] as [UInt32] { output.append(alphabet[Int(group >> shift & 63)]) }
            (group, held) = (0, 0)
        }
        if held > 0 {
            group <<= UInt32(8 * (3 - held))
            for shift in [18, 12, 6, 0].prefix(held + 1) as ArraySlice<UInt32> {
                output.append(alphabet[Int(group >> shift & 63)])
            }
            output += Array(repeating: UInt8(ascii: "="), count: 3 - held)
        }
        return String(decoding: output, as: UTF8.self)
    }
}
