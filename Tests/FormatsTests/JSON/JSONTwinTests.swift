import Tables
import TestSupport
import Testing

@testable import Formats

/// The reader against its plain twin, on generated rows.
struct JSONTwinTests {
    @Test func readsLinesAsTheTwinDoes() throws {
        for seed in 0..<Fuzz.cases(300, share: 500) {
            var random = JSONRandom(seed + Int(truncatingIfNeeded: Fuzz.seed))
            var sketch = JSONSketch(random: random)
            let lines = sketch.lines()
            random = sketch.random
            let text = lines.reduce(into: [UInt8]()) { $0 += $1 }
            let file = try JSONFixture(text)
            var options = JSONOptions()
            options.chunkBytes = random.pick([16, 17, 31, 64, 100, 333, 1 << 20])
            options.batchCells = random.pick([1, 5, 1 << 20])
            let source = try JSONSource([file.path], options: options)
            let found = try JSONReading(source)
            var twin = TwinTable(source)
            var offset = 0
            for line in lines {
                twin.take(line, at: offset)
                offset += line.count
            }
            #expect(found.names == twin.names, "seed \(seed)")
            #expect(found.offsets == twin.offsets, "seed \(seed)")
            #expect(found.rows.count == twin.rows.count, "seed \(seed)")
            for (row, pair) in zip(found.rows, twin.rows).enumerated() {
                #expect(same(pair.0, pair.1), "seed \(seed), row \(row): \(found.names) \(pair)")
            }
            for (row, pair) in zip(found.kinds, twin.kinds).enumerated() {
                #expect(Set(pair.0) == pair.1, "seed \(seed), row \(row)")
            }
            let column = Set(found.names.indices.filter { _ in random.chance(0.3) })
            let part = try JSONReading(source, columns: column)
            #expect(part.problems == found.problems, "seed \(seed)")
            let picked = found.rows.map { row in column.sorted().map { row[$0] } }
            #expect(zip(part.rows, picked).allSatisfy { same($0, $1) }, "seed \(seed)")
        }
    }

    @Test func readsArraysAsTheTwinDoes() throws {
        for seed in 0..<Fuzz.cases(300, share: 500) {
            var sketch = JSONSketch(random: JSONRandom(seed + Int(truncatingIfNeeded: Fuzz.seed)))
            sketch.lineBreaks = ["\n", "\r\n", " \n\t"]
            var text: [UInt8] = Array("  [".utf8)
            var elements: [[UInt8]] = []
            var offsets: [Int] = []
            for index in 0..<sketch.random.below(30) {
                if index > 0 { text += Array(",".utf8) }
                text += Array(sketch.space().utf8)
                offsets.append(text.count)
                elements.append(Array(sketch.row().utf8))
                text += elements[index] + Array(sketch.space().utf8)
            }
            text += Array("]\n".utf8)
            let file = try JSONFixture(text, name: "rows.json")
            var options = JSONOptions()
            options.chunkBytes = sketch.random.pick([16, 17, 31, 64, 100, 333, 1 << 20])
            options.batchCells = sketch.random.pick([1, 5, 1 << 20])
            let source = try JSONSource([file.path], options: options)
            let found = try JSONReading(source)
            var twin = TwinTable(source)
            for (element, offset) in zip(elements, offsets) { twin.take(element, at: offset) }
            #expect(found.names == twin.names, "seed \(seed)")
            #expect(found.offsets == twin.offsets, "seed \(seed)")
            #expect(zip(found.rows, twin.rows).allSatisfy { same($0, $1) }, "seed \(seed)")
            #expect(found.rows.count == twin.rows.count, "seed \(seed)")
            for (row, pair) in zip(found.kinds, twin.kinds).enumerated() {
                #expect(Set(pair.0) == pair.1, "seed \(seed), row \(row)")
            }
        }
    }

    @Test func readsFilesOfBothFormsAsTheTwinDoes() throws {
        for seed in 0..<Fuzz.cases(300, share: 500) {
            var sketch = JSONSketch(random: JSONRandom(seed + Int(truncatingIfNeeded: Fuzz.seed)))
            var files: [JSONFixture] = []
            var rows: [(partition: Int, offset: Int, text: [UInt8])] = []
            for partition in 0..<5 {
                let isArray = sketch.random.chance(0.5)
                // Without damage and mostly alike, so that what is learned in one file is met in the next.
                var text: [UInt8] = isArray ? [0x5B] : []
                for index in 0..<sketch.random.below(8) {
                    if isArray, index > 0 { text.append(0x2C) }
                    for part in sketch.brokenRow(isElement: isArray) {
                        rows.append((partition, text.count, part))
                        text += part
                    }
                }
                files.append(try JSONFixture(text + Array(isArray ? "]".utf8 : "".utf8)))
            }
            let source = try JSONSource(files.map(\.path))
            let found = try JSONReading(source, workers: sketch.random.pick([1, 2]))
            var twin = TwinTable(source)
            for row in rows { twin.take(row.text, at: row.offset) }
            #expect(found.offsets == twin.offsets, "seed \(seed)")
            #expect(found.partitions == rows.map(\.partition), "seed \(seed)")
            #expect(zip(found.rows, twin.rows).allSatisfy { same($0, $1) }, "seed \(seed)")
            #expect(found.kinds.map { Set($0) } == twin.kinds, "seed \(seed)")
        }
    }

    @Test func acceptsWhatTheTwinAccepts() throws {
        for seed in 0..<Fuzz.cases(3_000, share: 2) {
            var sketch = JSONSketch(random: JSONRandom(seed + Int(truncatingIfNeeded: Fuzz.seed)))
            var text = Array(sketch.row().utf8)
            if sketch.random.chance(0.8) { sketch.damage(&text) }
            let isJSON = (try? PlainJSON.parse(text)) != nil
            if (JSONScanner.mistake(in: text) == nil) != isJSON {
                Issue.record("seed \(seed): \(String(decoding: text, as: UTF8.self))")
            }
        }
    }

    @Test func survivesAnyBytesAndReadsThemAlikeForAnyCut() throws {
        for seed in 0..<Fuzz.cases(300, share: 500) {
            var sketch = JSONSketch(random: JSONRandom(seed + Int(truncatingIfNeeded: Fuzz.seed)))
            var text: [UInt8] = sketch.random.chance(0.5) ? Array("[".utf8) : []
            for _ in 0..<sketch.random.below(12) {
                var part = Array(sketch.row().utf8)
                if sketch.random.chance(0.3) {
                    part = (0..<sketch.random.below(40)).map { _ in UInt8(sketch.random.below(256)) }
                }
                sketch.damage(&part)
                text += part + Array(sketch.random.pick([",", "\n", ",\n", "]", "\r\n"]).utf8)
            }
            if text.count > 8, text.starts(with: [0, 0]) { text[0] = 0x20 }
            let file = try JSONFixture(text)
            let whole = Result { try JSONReading(JSONSource([file.path])) }
            for size in [16, 40, 200] {
                var options = JSONOptions()
                (options.chunkBytes, options.batchCells) = (size, size / 8)
                let cut = Result { try JSONReading(JSONSource([file.path], options: options)) }
                switch (whole, cut) {
                case (.success(let left), .success(let right)):
                    #expect(left.problems == right.problems, "seed \(seed)")
                    #expect(left.offsets == right.offsets, "seed \(seed)")
                    #expect(zip(left.rows, right.rows).allSatisfy { same($0, $1) }, "seed \(seed)")
                case (.failure(let left), .failure(let right)):
                    #expect("\(left)" == "\(right)", "seed \(seed)")
                default: Issue.record("seed \(seed): \(whole) \(cut)")
                }
            }
        }
    }

    private func same(_ left: [Value], _ right: [Value]) -> Bool {
        left.count == right.count
            && zip(left, right).allSatisfy { left, right in
                if case .text(let one) = left, case .text(let other) = right {
                    return one.utf8.elementsEqual(other.utf8)
                }
                return left == right
            }
    }
}

/// What the reader should find, row by row.
private struct TwinTable {
    let columns: [(keys: [String], type: LogicalType)]
    private(set) var rows: [[Value]] = []
    private(set) var offsets: [Int64] = []
    private(set) var kinds: [Set<RowProblem.Kind>] = []
    /// Paths in order of first appearance, and whether something else than an object with keys stood there.
    private var paths: [(keys: [[UInt8]], hasValues: Bool)] = []
    private let known: Set<[[UInt8]]>
    private let columnPaths: Set<[[UInt8]]>

    init(_ source: JSONSource) {
        columns = source.schema.fields.map { (JSONPath.keys($0.name), $0.type) }
        columnPaths = Set(columns.map { $0.keys.map { Array($0.utf8) } })
        known = columnPaths.reduce(into: []) { known, path in
            for count in 1...path.count { known.insert(Array(path.prefix(count))) }
        }
    }

    var names: [String] {
        paths.filter { path in
            path.hasValues || !paths.contains { $0.keys.count > path.keys.count && $0.keys.starts(with: path.keys) }
        }
        .map { JSONPath.name($0.keys.map { String(decoding: $0, as: UTF8.self) }) }
    }

    mutating func take(_ line: [UInt8], at offset: Int) {
        guard line.contains(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) else { return }
        offsets.append(Int64(offset))
        var problems: Set<RowProblem.Kind> = []
        if String(validating: line, as: UTF8.self) == nil { problems.insert(.invalidUTF8) }
        defer { kinds.append(problems) }
        guard let (value, hasLoneSurrogate) = try? PlainJSON.parse(line) else {
            problems.insert(.invalidJSON)
            rows.append(columns.map { _ in .missing })
            return
        }
        if hasLoneSurrogate { problems.insert(.loneSurrogate) }
        guard case .object(let members, _) = value else {
            problems.insert(.notAnObject)
            rows.append(columns.map { _ in .missing })
            return
        }
        note(members, [])
        check(members, [], &problems)
        rows.append(
            columns.map { keys, type in
                var value = value
                for key in keys {
                    guard case .object(let members, _) = value,
                        let member = members.last(where: { $0.key.elementsEqual(key.utf8) })
                    else { return .missing }
                    value = member.value
                }
                return value.value(as: type)
            })
    }

    private mutating func note(_ members: [(key: [UInt8], value: PlainJSON)], _ path: [[UInt8]]) {
        for (key, value) in members where String(validating: key, as: UTF8.self) != nil {
            let keys = path + [key]
            let place = paths.firstIndex { $0.keys == keys } ?? paths.count
            if place == paths.count { paths.append((keys, false)) }
            switch value {
            case .null: break
            case .object(let inner, _) where !inner.isEmpty: note(inner, keys)
            default: paths[place].hasValues = true
            }
        }
    }

    private func check(
        _ members: [(key: [UInt8], value: PlainJSON)], _ path: [[UInt8]], _ problems: inout Set<RowProblem.Kind>
    ) {
        var seen: Set<[UInt8]> = []
        for (key, value) in members {
            let keys = path + [key]
            if !seen.insert(key).inserted { problems.insert(.duplicateKey) }
            switch value {
            case .null: break
            case .object(let inner, _): check(inner, keys, &problems)
            default: if known.contains(keys), !columnPaths.contains(keys) { problems.insert(.notAnObject) }
            }
        }
    }
}

/// Writes rows as badly as JSON allows, and worse.
struct JSONSketch {
    var random: JSONRandom
    var lineBreaks = ["\n", "\r\n"]

    init(random: JSONRandom) { self.random = random }

    mutating func lines() -> [[UInt8]] {
        let count = random.below(40)
        return (0..<count).map { index in
            if random.chance(0.05) { return Array((random.pick(["", " ", "\t\r"]) + "\n").utf8) }
            var line = Array(row().utf8)
            if random.chance(0.1) { damage(&line) }
            // A file that begins with a bracket is an array.
            if line.first(where: { $0 > 0x20 }) == 0x5B { line = Array("0".utf8) }
            return line + Array((index == count - 1 && random.chance(0.5) ? "" : random.pick(lineBreaks)).utf8)
        }
    }

    /// Changes, adds or removes a byte, though never to a line break; or cuts off the end.
    mutating func damage(_ text: inout [UInt8]) {
        guard !text.isEmpty else { return }
        let place = random.below(text.count)
        let bytes = Array("{}[]\",:\\0e.- \u{1}tx".utf8) + [0x80, 0xC3, 0xFF]
        switch random.below(4) {
        case 0: text[place] = random.pick(bytes)
        case 1: text.insert(random.pick(bytes), at: place)
        case 2: text.remove(at: place)
        default: text.removeLast(text.count - place)
        }
    }

    /// An object with a line feed between its members, or none: one row as an element, else as many as there are lines.
    mutating func brokenRow(isElement: Bool) -> [[UInt8]] {
        let breaks = ["", "\n", "\n", "\n  "]
        let gaps = (0..<3).map { _ in random.pick(breaks) }
        let object = "{\"a\":\(random.below(9)),\(gaps[0])\"b\":1.5,\(gaps[1])\"user\":{\(gaps[2])\"a\":7}}"
        guard !isElement else { return [Array(object.utf8)] }
        return object.split(separator: "\n").map { Array("\($0)\n".utf8) }
    }

    mutating func row() -> String {
        if random.chance(0.03) { return value(3) }
        return object(0)
    }

    /// Inside a row: no line break, unless rows may have some.
    mutating func space() -> String {
        guard random.chance(0.2) else { return "" }
        return random.pick([" ", "\t", "  ", "\r"] + (lineBreaks.count > 2 ? ["\n", "\n    "] : []))
    }

    private mutating func object(_ level: Int) -> String {
        let keys = ["a", "b", "user", "geo", "a.b", "", "naïve", "k\\\\", "\\u0061", "long_key_number_one", "id"]
        var names = random.chance(0.7) ? Array(keys.prefix(6)) : keys.filter { _ in random.chance(0.4) }
        if random.chance(0.1) { names.append(random.pick(keys)) }
        if random.chance(0.02) { names.append("\\ud800") }
        if random.chance(0.2) { names.shuffle(using: &random) }
        let members = names.map { name in
            "\(space())\"\(name)\"\(space()):\(space())\(member(name, level))\(space())"
        }
        return "{" + (members.isEmpty ? space() : members.joined(separator: ",")) + "}"
    }

    private mutating func member(_ name: String, _ level: Int) -> String {
        if random.chance(0.1) { return value(level) }
        return switch name {
        case "a": random.pick(["1", "-17", "0", "9007199254740993", "-9223372036854775808"])
        case "b": random.pick(["1.5", "2", "1e3", "-0.0", "123456789.123456789", "1E-7", "1e400"])
        case "user", "geo": level < 3 ? object(level + 1) : "7"
        case "": random.pick(["true", "false", "null"])
        case "id": random.pick(["\"2026-11-01\"", "\"2026-11-01T10:00:00Z\"", "\"2026-11-01 10:00:00.5+02:00\""])
        default: text()
        }
    }

    private mutating func value(_ level: Int) -> String {
        switch random.below(8) {
        case 0: return "null"
        case 1: return random.pick(["true", "false"])
        case 2: return random.pick(["0", "-1", "12345678901234567890", "1.25", "3e5", "18446744073709551616", "-0"])
        case 3: return level < 3 ? object(level + 1) : "{}"
        case 4: return "[\(space())]"
        case 5: return "[\(value(level + 1))\(space()),\(space())\(value(level + 1))]"
        default: return text()
        }
    }

    private mutating func text() -> String {
        let parts = [
            "a", "Z", "0", " ", "é", "😀", "中文", "\\n", "\\\"", "\\\\", "\\/", "\\u0000", "\\u00e9", "\\ud83d\\ude00",
            ",", "}", "]", "{", ":", "abcdefghijklmnop", "\\b\\f\\r\\t",
        ]
        var text = (0..<random.below(6)).map { _ in random.pick(parts) }.joined()
        if random.chance(0.02) {
            text += random.pick(["\\ud800", "\\udc00", "\\ud800\\u0041", "\\ud800\\ud83d\\ude00"])
        }
        return "\"\(text)\""
    }
}
