import Tables

/// Digests of texts, in hexadecimal: for pseudonyms and keys.
enum DigestFunctions {
    static let all: [Function] = [
        digest("md5", "MD5 of the bytes, 32 hexadecimal digits; no protection against forgery") { MD5.digest($0, &$1) },
        digest("sha256", "SHA-256 of the bytes, 64 hexadecimal digits") { SHA256.digest($0, &$1) },
    ]

    private static func digest(
        _ name: String, _ summary: String,
        _ body: @escaping @Sendable (UnsafeRawBufferPointer, inout TextBuilder) -> Void
    ) -> Function {
        Function(name, [.text("text")], .string, summary) { call in
            call.cells(0).withView { texts in
                call.texts(capacity: 64 * call.count) { row, builder in body(texts[row], &builder) }
            }
        }
    }
}

extension TextBuilder {
    fileprivate mutating func appendHexadecimal(_ word: UInt32) {
        for shift in stride(from: 28, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: word >> UInt32(shift)) & 15
            append(digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
    }
}

/// The message in blocks of 64 bytes, as both digests cut it: a bit 1, zeros, and its length in bits.
private enum Blocks {
    static func forEach(
        _ text: UnsafeRawBufferPointer, lengthIsBigEndian: Bool, _ body: (UnsafeRawBufferPointer) -> Void
    ) {
        let whole = text.count / 64 * 64
        for start in stride(from: 0, to: whole, by: 64) {
            body(UnsafeRawBufferPointer(rebasing: text[start..<start + 64]))
        }
        let rest = text.count - whole
        withUnsafeTemporaryAllocation(byteCount: 128, alignment: 8) { tail in
            tail.initializeMemory(as: UInt8.self, repeating: 0)
            for index in 0..<rest { tail[index] = text[whole + index] }
            tail[rest] = 0x80
            let end = rest < 56 ? 64 : 128
            let bits = UInt64(text.count) &* 8
            tail.storeBytes(
                of: lengthIsBigEndian ? bits.bigEndian : bits.littleEndian, toByteOffset: end - 8, as: UInt64.self)
            for start in stride(from: 0, to: end, by: 64) {
                body(UnsafeRawBufferPointer(rebasing: tail[start..<start + 64]))
            }
        }
    }
}

/// FIPS 180-4.
private enum SHA256 {
    private static let constants: [UInt32] = roots(64, power: 3)
    private static let start: [UInt32] = roots(8, power: 2)

    /// The first 32 bits of the fractions of the roots of the first primes.
    private static func roots(_ count: Int, power: Int) -> [UInt32] {
        var primes: [UInt128] = []
        var candidate: UInt128 = 2
        while primes.count < count {
            if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
            candidate += 1
        }
        return primes.map { prime in
            // The greatest number whose power isn't above the prime, both in units of 2^-32.
            let wanted = prime << UInt128(32 * power)
            var (low, high): (UInt128, UInt128) = (0, 1 << 37)
            while low + 1 < high {
                let middle = (low + high) / 2
                let product = power == 2 ? middle * middle : middle * middle * middle
                if product <= wanted { low = middle } else { high = middle }
            }
            return UInt32(truncatingIfNeeded: low)
        }
    }

    static func digest(_ text: UnsafeRawBufferPointer, _ builder: inout TextBuilder) {
        var state = start
        var words = [UInt32](repeating: 0, count: 64)
        Blocks.forEach(text, lengthIsBigEndian: true) { block in
            for index in 0..<16 {
                words[index] = UInt32(bigEndian: block.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self))
            }
            for index in 16..<64 {
                let (late, early) = (words[index - 2], words[index - 15])
                let first = rotated(early, 7) ^ rotated(early, 18) ^ early >> 3
                let second = rotated(late, 17) ^ rotated(late, 19) ^ late >> 10
                words[index] = words[index - 16] &+ first &+ words[index - 7] &+ second
            }
            var (a, b, c, d) = (state[0], state[1], state[2], state[3])
            var (e, f, g, h) = (state[4], state[5], state[6], state[7])
            for index in 0..<64 {
                let mixed = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
                let first = h &+ mixed &+ (e & f ^ ~e & g) &+ constants[index] &+ words[index]
                let second = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) &+ (a & b ^ a & c ^ b & c)
                (h, g, f, e) = (g, f, e, d &+ first)
                (d, c, b, a) = (c, b, a, first &+ second)
            }
            for (index, word) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= word }
        }
        for word in state { builder.appendHexadecimal(word) }
    }

    private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }
}

/// RFC 1321.
private enum MD5 {
    private static let shifts: [[UInt32]] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]]
    private static let constants: [UInt32] = (1...64).map {
        UInt32(NumberFunctions.sine(Double($0)).magnitude * 4_294_967_296)
    }

    static func digest(_ text: UnsafeRawBufferPointer, _ builder: inout TextBuilder) {
        var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476]
        Blocks.forEach(text, lengthIsBigEndian: false) { block in
            var (a, b, c, d) = (state[0], state[1], state[2], state[3])
            for index in 0..<64 {
                let mixed: UInt32
                let place: Int
                switch index / 16 {
                case 0: (mixed, place) = (b & c | ~b & d, index)
                case 1: (mixed, place) = (d & b | ~d & c, (5 * index + 1) % 16)
                case 2: (mixed, place) = (b ^ c ^ d, (3 * index + 5) % 16)
                default: (mixed, place) = (c ^ (b | ~d), 7 * index % 16)
                }
                let word = UInt32(littleEndian: block.loadUnaligned(fromByteOffset: place * 4, as: UInt32.self))
                let sum = a &+ mixed &+ constants[index] &+ word
                let shift = shifts[index / 16][index % 4]
                (a, d, c, b) = (d, c, b, b &+ (sum << shift | sum >> (32 - shift)))
            }
            for (index, word) in [a, b, c, d].enumerated() { state[index] &+= word }
        }
        for word in state { builder.appendHexadecimal(word.byteSwapped) }
    }
}
