import Foundation

/// How a row is spelled.
enum Spelling {
    /// CSV without a quote.
    case plain
    /// CSV with every field quoted, missing ones as `""`.
    case quoted
    /// An object a line.
    case jsonLines
}

/// Writes rows to a file, field by field.
struct RowWriter {
    private let file: FileHandle
    private let spelling: Spelling
    private var bytes: [UInt8] = []
    private var fields = 0

    init(path: String, spelling: Spelling, columns: [String]) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else {
            throw CocoaError(.fileWriteUnknown, userInfo: [NSFilePathErrorKey: path])
        }
        self.file = file
        self.spelling = spelling
        bytes.reserveCapacity(2 << 20)
        if spelling == .jsonLines { return }
        for column in columns { field(column) { $0.text(column) } }
        try endRow()
    }

    /// A field whose value is text; in JSON it stands in quotes.
    mutating func field(_ name: String, _ write: (inout [UInt8]) -> Void) {
        begin(name)
        if spelling == .plain {
            write(&bytes)
        } else {
            bytes.append(UInt8(ascii: "\""))
            write(&bytes)
            bytes.append(UInt8(ascii: "\""))
        }
    }

    /// A field whose value is a number.
    mutating func number(_ name: String, _ write: (inout [UInt8]) -> Void) {
        guard spelling == .jsonLines else { return field(name, write) }
        begin(name)
        write(&bytes)
    }

    /// A field without a value.
    mutating func missing(_ name: String) {
        begin(name)
        switch spelling {
        case .plain: break
        case .quoted: bytes.text("\"\"")
        case .jsonLines: bytes.text("null")
        }
    }

    mutating func endRow() throws {
        bytes.text(spelling == .jsonLines ? "}\n" : "\n")
        fields = 0
        if bytes.count > 1 << 20 { try flush() }
    }

    mutating func close() throws {
        try flush()
        try file.close()
    }

    private mutating func begin(_ name: String) {
        if spelling == .jsonLines {
            bytes.text(fields == 0 ? "{\"" : ",\"")
            bytes.text(name)
            bytes.text("\":")
        } else if fields > 0 {
            bytes.append(UInt8(ascii: ","))
        }
        fields += 1
    }

    private mutating func flush() throws {
        try file.write(contentsOf: bytes)
        bytes.removeAll(keepingCapacity: true)
    }
}

extension [UInt8] {
    mutating func text(_ text: String) { append(contentsOf: text.utf8) }

    /// Decimal digits, with zeros in front up to `width`.
    mutating func digits(_ number: Int, width: Int = 1) {
        var limit = 10
        var count = 1
        while number >= limit || count < width {
            limit *= 10
            count += 1
        }
        while limit > 1 {
            limit /= 10
            append(UInt8(ascii: "0") + UInt8(number / limit % 10))
        }
    }

    /// Sixteen hexadecimal digits.
    mutating func hexadecimal(_ word: UInt64) {
        for shift in stride(from: 60, through: 0, by: -4) {
            let digit = UInt8(word >> UInt64(shift) & 15)
            append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }

    /// An amount in hundredths, with a point.
    mutating func amount(_ cents: Int) {
        digits(cents / 100)
        append(UInt8(ascii: "."))
        digits(cents % 100, width: 2)
    }
}
