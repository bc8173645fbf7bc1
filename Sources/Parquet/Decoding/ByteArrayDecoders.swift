/// Byte arrays, each behind its length of 32 bits (Encodings.md, PLAIN = 0).
struct PlainByteArrays {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    mutating func read(_ count: Int, into slices: inout ByteSlices) throws(ParquetError) {
        guard count > 0 else { return }
        guard let base = bytes.baseAddress else { throw Self.tooShort }
        let end = bytes.count
        let first = position
        var place = position
        try slices.extend(by: count) { (output, starts, lengths) throws(ParquetError) in
            let shift = output.count &- first
            for index in 0..<count {
                guard end &- place >= 4 else { throw Self.tooShort }
                let length = Int(UInt32(littleEndian: base.loadUnaligned(fromByteOffset: place, as: UInt32.self)))
                place &+= 4
                guard length <= end &- place else { throw Self.tooShort }
                // Both fit: the room for the output is checked before anybody looks at it.
                starts[index] = UInt32(truncatingIfNeeded: place &+ shift)
                lengths[index] = UInt32(truncatingIfNeeded: length)
                place &+= length
            }
            try ByteSlices.checkRoom(output, adding: place - first)
            output.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[first..<place]))
        }
        position = place
    }

    mutating func skip(_ count: Int) throws(ParquetError) {
        for _ in 0..<count {
            guard bytes.count - position >= 4 else { throw Self.tooShort }
            let length = Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
            guard length <= bytes.count - position - 4 else { throw Self.tooShort }
            position += 4 + length
        }
    }

    private static let tooShort = ParquetError.corrupt("a page has fewer byte arrays than announced")
}

/// Byte arrays behind each other, their lengths before all of them (Encodings.md, DELTA_LENGTH_BYTE_ARRAY = 6).
struct DeltaLengthByteArrays {
    private let bytes: UnsafeRawBufferPointer
    private var lengths: DeltaDecoder
    private var position: Int

    init(_ bytes: UnsafeRawBufferPointer) throws(ParquetError) {
        self.bytes = bytes
        lengths = try DeltaDecoder(bytes)
        position = try lengths.end()
    }

    mutating func read(_ count: Int, into slices: inout ByteSlices) throws(ParquetError) {
        var place = position
        var deltas = lengths
        try slices.extend(by: count) { (output, starts, lengths) throws(ParquetError) in
            try deltas.read(count, into: lengths)
            let shift = output.count &- place
            let first = place
            for index in 0..<count {
                let length = Int(lengths[index])
                guard length <= bytes.count &- place else { throw Self.tooShort }
                starts[index] = UInt32(truncatingIfNeeded: place &+ shift)
                place &+= length
            }
            try ByteSlices.checkRoom(output, adding: place - first)
            output.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[first..<place]))
        }
        lengths = deltas
        position = place
    }

    /// The bytes of exactly one value.
    mutating func next() throws(ParquetError) -> UnsafeRawBufferPointer {
        var length: UInt32 = 0
        try lengths.read(1, into: &length)
        guard Int(length) <= bytes.count - position else { throw Self.tooShort }
        defer { position += Int(length) }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<position + Int(length)])
    }

    mutating func skip(_ count: Int) throws(ParquetError) { for _ in 0..<count { _ = try next() } }

    private static let tooShort = ParquetError.corrupt("a page has fewer bytes than its byte arrays")
}

/// Byte arrays that begin as the one before does (Encodings.md, DELTA_BYTE_ARRAY = 7).
struct DeltaByteArrays {
    private var prefixes: DeltaDecoder
    private var suffixes: DeltaLengthByteArrays
    /// The last value that was read.
    private var value: [UInt8] = []

    init(_ bytes: UnsafeRawBufferPointer) throws(ParquetError) {
        prefixes = try DeltaDecoder(bytes)
        suffixes = try DeltaLengthByteArrays(UnsafeRawBufferPointer(rebasing: bytes[try prefixes.end()...]))
    }

    mutating func read(_ count: Int, into slices: inout ByteSlices) throws(ParquetError) {
        var decoder = self
        self.value = []
        try slices.extend(by: count) { (output, starts, lengths) throws(ParquetError) in
            for index in 0..<count {
                try decoder.advance()
                try ByteSlices.checkRoom(output, adding: decoder.value.count)
                starts[index] = UInt32(truncatingIfNeeded: output.count)
                lengths[index] = UInt32(truncatingIfNeeded: decoder.value.count)
                output.append(contentsOf: decoder.value)
            }
        }
        self = decoder
    }

    mutating func skip(_ count: Int) throws(ParquetError) { for _ in 0..<count { try advance() } }

    private mutating func advance() throws(ParquetError) {
        var prefix: UInt32 = 0
        try prefixes.read(1, into: &prefix)
        guard Int(prefix) <= value.count else { throw .corrupt("a byte array shares more than the one before has") }
        let suffix = try suffixes.next()
        try ByteSlices.checkRoom([], adding: Int(prefix) + suffix.count)
        value.removeLast(value.count - Int(prefix))
        value.append(contentsOf: suffix)
    }
}
