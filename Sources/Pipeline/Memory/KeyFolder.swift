import Files
import Foundation
import Tables

/// The files of one memory in a folder.
struct KeyFolder: Sendable {
    private let path: String
    private let prefix: String
    private let kind: KeyFileFormat.Kind
    /// Files grow by merging up to so many keys: 16 MiB, which is what merging takes in memory twice.
    private static let mostMerged = 1 << 20
    /// So many files of a size are merged into one.
    private static let tier = 16

    init(path: String, name: String, kind: KeyFileFormat.Kind) {
        self.path = path
        prefix = "keys-\(Self.escaped(name))-"
        self.kind = kind
    }

    /// A name of letters and digits, dots, lines and percent signs.
    private static func escaped(_ name: String) -> String {
        name.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F:
                return String(UnicodeScalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                return digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
            }
        }.joined()
    }

    // MARK: Writing

    func write(_ entries: [KeyTable.Entry], batch: Int64, suffix: String = "") throws(OutputError) -> KeyFile {
        let (bytes, sections) = KeyFileFormat.encode(entries, kind)
        let name = "\(prefix)\(batch)\(suffix).bin"
        // What a batch left that died has the same name, and is replaced.
        let file = try OutputFile(path: "\(path)/\(name)", temporaryName: ".\(name).tmp")
        try file.write(bytes)
        try file.commit()
        let own = sections.map(\.bucket)
        return KeyFile(
            name: name, byteCount: Int64(bytes.count), keyCount: entries.count, firstBucket: own.first ?? 0,
            lastBucket: own.last ?? 0)
    }

    /// The oldest files of about one size, where there are enough of them.
    ///
    /// Each merging takes sixteen, so that a key is written a handful of times.
    static func mergeable(_ files: [KeyFile]) -> [KeyFile]? {
        var tiers: [Int: [KeyFile]] = [:]
        for file in files where file.keyCount < mostMerged / 2 {
            let level = (Int.bitWidth - file.keyCount.leadingZeroBitCount) / 4
            tiers[level, default: []].append(file)
        }
        for (_, files) in tiers.sorted(by: { $0.key < $1.key }) where files.count >= tier {
            var chosen: [KeyFile] = []
            var total = 0
            for file in files.prefix(tier) where total + file.keyCount <= mostMerged {
                chosen.append(file)
                total += file.keyCount
            }
            if chosen.count > 1 { return chosen }
        }
        return nil
    }

    /// One file with the keys of several that still count; `nil` where none does.
    func merge(_ files: [KeyFile], batch: Int64, firstLive: Int32) throws -> KeyFile? {
        var entries: [KeyTable.Entry] = []
        entries.reserveCapacity(files.reduce(0) { $0 + $1.keyCount })
        for file in files {
            try read(file) { bucket, own in if bucket >= firstLive { entries += own } }
        }
        return entries.isEmpty ? nil : try write(entries, batch: batch, suffix: "m")
    }

    /// Files with all keys of a table that still count, each with as many as files have at most.
    func write(_ table: KeyTable, batch: Int64, firstLive: Int32) throws -> [KeyFile] {
        var files: [KeyFile] = []
        var entries: [KeyTable.Entry] = []
        func flush() throws {
            guard !entries.isEmpty else { return }
            files.append(try write(entries, batch: batch, suffix: files.isEmpty ? "" : "p\(files.count + 1)"))
            entries.removeAll(keepingCapacity: true)
        }
        try table.forEach { entry in
            guard entry.bucket >= firstLive else { return }
            entries.append(entry)
            if entries.count == Self.mostMerged { try flush() }
        }
        try flush()
        return files
    }

    // MARK: Reading

    /// Calls `body` with each bucket and keys of it, some thousands at a time.
    func read(_ file: KeyFile, _ body: (Int32, [KeyTable.Entry]) -> Void) throws(SourceError) {
        let place = "\(path)/\(file.name)"
        let input = try InputFile(path: place, packing: Compression.none)
        guard input.byteCount == file.byteCount else {
            throw Self.damaged(place, "it has \(input.byteCount) bytes, and \(file.byteCount) were written")
        }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Int(file.byteCount), alignment: 16)
        defer { buffer.deallocate() }
        var filled = 0
        while filled < buffer.count {
            let part = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            filled += try input.read(into: part, at: Int64(filled))
        }
        var total = 0
        let fault = KeyFileFormat.decode(UnsafeRawBufferPointer(buffer), kind) { bucket, keys in
            total += keys.count / KeyFileFormat.keyLength
            for start in stride(from: 0, to: keys.count, by: 4_096 * KeyFileFormat.keyLength) {
                let end = min(keys.count, start + 4_096 * KeyFileFormat.keyLength)
                body(bucket, KeyFileFormat.entries(UnsafeRawBufferPointer(rebasing: keys[start..<end]), bucket))
            }
        }
        if let fault { throw Self.damaged(place, fault) }
        guard total == file.keyCount else {
            throw Self.damaged(place, "it has \(total) keys, and \(file.keyCount) were written")
        }
    }

    private static func damaged(_ place: String, _ fault: String) -> SourceError {
        SourceError(
            code: "corrupt", message: "the file of keys is damaged: \(fault)", place: place,
            hint: "restore the state's folder from a copy; without the file repetitions would pass")
    }

    // MARK: Removing

    /// Removes what is named as a file of keys, finished or not, but for some.
    static func sweep(_ path: String, keeping kept: Set<String>) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for name in names where !kept.contains(name) && isFile(name) {
            try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
        }
    }

    func remove(_ files: [KeyFile]) {
        for file in files { try? FileManager.default.removeItem(atPath: "\(path)/\(file.name)") }
    }

    /// As in `keys-events-17.bin`, `keys-events-17m.bin` and `.keys-events-17.bin.tmp`.
    private static func isFile(_ name: String) -> Bool {
        name.hasPrefix("keys-") && name.hasSuffix(".bin") || name.hasPrefix(".keys-") && name.hasSuffix(".bin.tmp")
    }
}
