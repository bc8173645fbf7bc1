/// Metrics in Prometheus' text format, version 0.0.4.
struct MetricsText {
    private(set) var bytes: [UInt8] = []

    enum Kind: String, Sendable { case counter, gauge, histogram }

    /// What follows are samples of a family, which is named once.
    mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        bytes += "# HELP \(name) \(Self.escaped(help, quotes: false))\n# TYPE \(name) \(kind.rawValue)\n".utf8
    }

    mutating func sample(_ name: String, _ labels: [(name: String, value: String)] = [], _ value: Double) {
        bytes += name.utf8
        if !labels.isEmpty {
            bytes.append(UInt8(ascii: "{"))
            for (index, label) in labels.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                bytes += "\(label.name)=\"\(Self.escaped(label.value, quotes: true))\"".utf8
            }
            bytes.append(UInt8(ascii: "}"))
        }
        bytes += " \(Self.number(value))\n".utf8
    }

    /// A family with one sample that has no labels.
    mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        family(name, kind, help)
        sample(name, value)
    }

    private mutating func sample(_ name: String, _ value: Double) { sample(name, [], value) }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
        return value.description
    }

    static func escaped(_ text: String, quotes: Bool) -> String {
        guard text.utf8.contains(where: { $0 == 0x5C || $0 == 0x0A || $0 == 0x22 && quotes }) else { return text }
        var escaped: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x5C: escaped += #"\\"#.utf8
            case 0x0A: escaped += #"\n"#.utf8
            case 0x22 where quotes: escaped += #"\""#.utf8
            default: escaped.append(byte)
            }
        }
        return String(decoding: escaped, as: UTF8.self)
    }
}

extension MetricsText {
    /// Families that were gathered apart.
    mutating func append(_ other: MetricsText) { bytes += other.bytes }
}
