import Foundation

/// A JSON object that is written member by member, as bytes.
struct RescuedText {
    private(set) var bytes: [UInt8] = []
    /// Where the object at hand begins.
    private var start = 0

    /// Begins another object.
    mutating func begin() {
        start = bytes.count
        bytes.append(0x7B)
    }

    /// Ends it; one without members is taken back, and the answer is `nil`.
    mutating func end() -> Range<Int>? {
        guard bytes.count > start + 1 else {
            bytes.removeLast(bytes.count - start)
            return nil
        }
        bytes.append(0x7D)
        return start..<bytes.count
    }

    /// Begins a member; its value follows.
    mutating func key(_ name: String) {
        if bytes.count > start + 1 { bytes.append(0x2C) }
        string(name)
        bytes.append(0x3A)
    }

    /// Appends JSON as it is.
    mutating func raw(_ json: some Collection<UInt8>) { bytes.append(contentsOf: json) }

    /// Appends UTF-8 text as a string.
    mutating func string(_ text: UnsafeRawBufferPointer) {
        bytes.append(0x22)
        for byte in text {
            switch byte {
            case 0x22, 0x5C:
                bytes.append(0x5C)
                bytes.append(byte)
            case 0x0A: bytes += [0x5C, 0x6E]
            case 0x0D: bytes += [0x5C, 0x72]
            case 0x09: bytes += [0x5C, 0x74]
            case 0..<0x20: bytes += [0x5C, 0x75, 0x30, 0x30, Self.digit(byte >> 4), Self.digit(byte & 15)]
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
    }

    mutating func string(_ text: String) {
        var text = text
        text.withUTF8 { string(UnsafeRawBufferPointer($0)) }
    }

    /// Appends bytes as a string of Base64.
    mutating func base64(_ bytes: UnsafeRawBufferPointer) {
        self.bytes.append(0x22)
        self.bytes.append(contentsOf: Data(bytes).base64EncodedData())
        self.bytes.append(0x22)
    }

    /// Appends a text as a string, or, where it is no UTF-8, `{"base64": …}`.
    mutating func value(_ text: UnsafeRawBufferPointer) {
        if String(validating: text, as: UTF8.self) != nil {
            string(text)
        } else {
            string(of: "base64", text)
        }
    }

    private mutating func string(of key: String, _ value: UnsafeRawBufferPointer) {
        bytes.append(0x7B)
        string(key)
        bytes.append(0x3A)
        base64(value)
        bytes.append(0x7D)
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}
