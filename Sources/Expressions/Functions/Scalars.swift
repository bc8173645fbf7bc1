import Tables

/// Unicode scalars of texts as bytes; a byte that belongs to none counts as one.
enum Scalars {
    /// How many scalars there are.
    @inline(__always)
    static func count(_ text: UnsafeRawBufferPointer) -> Int {
        var place = 0
        var count = 0
        if text.count < 8 {
            var all: UInt8 = 0
            for byte in text { all |= byte }
            if all < 0x80 { return text.count }
        }
        while place < text.count {
            if place &+ 8 <= text.count,
                text.loadUnaligned(fromByteOffset: place, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
            {
                place &+= 8
                count &+= 8
                continue
            }
            place &+= Bytes.scalarLength(text, place)
            count &+= 1
        }
        return count
    }

    /// Where the scalar with this number begins, from 0; the end where there are fewer.
    @inline(__always)
    static func place(_ text: UnsafeRawBufferPointer, after scalars: Int) -> Int {
        var place = 0
        var rest = scalars
        while place < text.count, rest > 0 {
            place &+= Bytes.scalarLength(text, place)
            rest &-= 1
        }
        return place
    }

    /// The scalar that begins here, and its length; `nil` for a byte that belongs to none.
    @inline(__always)
    static func scalar(_ text: UnsafeRawBufferPointer, _ place: Int) -> (scalar: Unicode.Scalar?, length: Int) {
        let first = UInt32(text[place])
        if first < 0x80 { return (Unicode.Scalar(first), 1) }
        let length = Bytes.scalarLength(text, place)
        func rest(_ index: Int) -> UInt32 { UInt32(text[place &+ index] & 0x3F) }
        switch length {
        case 2: return (Unicode.Scalar((first & 0x1F) << 6 | rest(1)), 2)
        case 3: return (Unicode.Scalar((first & 0x0F) << 12 | rest(1) << 6 | rest(2)), 3)
        case 4: return (Unicode.Scalar((first & 0x07) << 18 | rest(1) << 12 | rest(2) << 6 | rest(3)), 4)
        default: return (nil, 1)
        }
    }

    /// Where a scalar begins that ends here; one byte back where none does.
    @inline(__always)
    static func start(_ text: UnsafeRawBufferPointer, endingAt end: Int) -> Int {
        var start = end &- 1
        let lowest = max(0, end &- 4)
        while start > lowest, text[start] & 0xC0 == 0x80 { start &-= 1 }
        return start &+ Bytes.scalarLength(text, start) == end ? start : end &- 1
    }

    /// Where one text first occurs in another, from a place on.
    @inline(__always)
    static func first(_ part: UnsafeRawBufferPointer, in text: UnsafeRawBufferPointer, from place: Int) -> Int? {
        guard let first = part.first else { return place }
        var index = place
        while index &+ part.count <= text.count {
            if text[index] == first {
                let window = UnsafeRawBufferPointer(rebasing: text[index..<index &+ part.count])
                if Bytes.areEqual(window, part) { return index }
            }
            index &+= 1
        }
        return nil
    }
}

/// Upper and lower case by Unicode's full mappings, scalar by scalar.
enum TextCase {
    static func lower(_ text: String) -> String {
        text.unicodeScalars.map(\.properties.lowercaseMapping).joined()
    }

    /// Kernels for all letters of a text.
    static let upperKernel: Kernel = { call in map(&call, isUpper: true) }
    static let lowerKernel: Kernel = { call in map(&call, isUpper: false) }

    private static func map(_ call: inout Call, isUpper: Bool) -> ColumnValues {
        call.cells(0).withView { texts in
            call.texts(capacity: 24 * call.count) { row, builder in
                let text = texts[row]
                if !builder.appendASCII(text, isUpper: isUpper) { append(text, isUpper, &builder) }
            }
        }
    }

    private static func append(_ text: UnsafeRawBufferPointer, _ isUpper: Bool, _ builder: inout TextBuilder) {
        var place = 0
        while place < text.count {
            let (scalar, length) = Scalars.scalar(text, place)
            if let scalar {
                builder.append(isUpper ? scalar.properties.uppercaseMapping : scalar.properties.lowercaseMapping)
            } else {
                builder.append(text[place])
            }
            place += length
        }
    }

    /// Words are letters and digits; the first letter of each is upper case, the others lower.
    static let initialsKernel: Kernel = { call in
        call.cells(0).withView { texts in
            call.texts { row, builder in
                let text = texts[row]
                var place = 0
                var isInside = false
                while place < text.count {
                    let (scalar, length) = Scalars.scalar(text, place)
                    if let properties = scalar?.properties {
                        let isWord = properties.isAlphabetic || properties.numericType != nil
                        builder.append(
                            isWord && !isInside ? properties.titlecaseMapping : properties.lowercaseMapping)
                        isInside = isWord
                    } else {
                        builder.append(text[place])
                    }
                    place += length
                }
            }
        }
    }
}

extension TextBuilder {
    /// Appends a text of ASCII with its letters in one case; appends nothing of another text.
    @inline(__always)
    mutating func appendASCII(_ text: UnsafeRawBufferPointer, isUpper: Bool) -> Bool {
        var place = 0
        var all: UInt64 = 0
        while place &+ 8 <= text.count {
            all |= text.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            place &+= 8
        }
        while place < text.count {
            all |= UInt64(text[place])
            place &+= 1
        }
        guard all & 0x8080_8080_8080_8080 == 0 else { return false }
        let first: UInt8 = isUpper ? 0x61 : 0x41
        appendMapped(text) { $0 ^ ($0 &- first < 26 ? 0x20 : 0) }
        return true
    }
}
