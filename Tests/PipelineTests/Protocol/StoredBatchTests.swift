import Delta
import Expectations
import Files
import Intake
import Tables
import TestSupport
import Testing

@testable import Pipeline

/// Plans and manifests outlive the process, as JSON that may be damaged.
@Suite struct StoredBatchTests {
    static let files = [
        IntakeFile(path: "/l/a.jsonl", name: "a.jsonl", device: .max, node: 7, byteCount: 12, modified: -5),
        IntakeFile(path: "/l/é \"b\".csv", name: "é \"b\".csv", device: 0, node: .max, byteCount: 0, modified: .max),
    ]

    static let plan = BatchPlan(
        number: 3, kind: .replay, files: files,
        schema: KeptSchema(declared: [("id", .int64), ("größe", .decimal(precision: 12, scale: 2))]),
        fingerprint: "f", clock: 1_700_000_000_000_001, lanes: 2,
        replayed: [
            ReplayedRecord(id: "x", attempt: 2, origin: RecordOrigin(file: "a.jsonl", row: 9, offset: nil)),
            ReplayedRecord(id: "y", attempt: 1, origin: RecordOrigin(file: "b", row: 1, offset: 0)),
        ])

    static let manifest = {
        var counts = HopCounts("silver")
        (counts.input, counts.output, counts.quarantined, counts.dropped) = (10, 4, 3, 1)
        (counts.filtered, counts.deduplicated, counts.late) = (1, 1, 0)
        let add = AddFile(
            path: "country=DE/part-00000-p-0000000003-0.parquet", partitionValues: ["country": "DE", "day": nil],
            size: 812, modificationTime: 5, stats: #"{"numRecords":4}"#)
        return BatchManifest(
            layers: [
                BatchManifest.Layer(
                    name: "silver", folder: "/d/silver",
                    files: [DataFile(add: add, file: PreparedFile(path: "/d/a", temporaryPath: "/d/.a.tmp"))],
                    fields: [DeltaField("id", .long), DeltaField("country", .string)]),
                BatchManifest.Layer(
                    name: "quarantine", folder: "/d/kept", files: [], fields: [],
                    created: BatchManifest.NewTable(name: "kept", partitionColumns: ["day"])),
            ], counts: [counts],
            failures: [BatchManifest.RuleCount(rule: "values of id are there", action: .warn, count: 3)])
    }()

    @Test func plansComeBack() throws {
        let json = try #require(JSON(text: Self.plan.json.text()))
        let plan = try #require(BatchPlan(json: json))
        #expect(plan.json == Self.plan.json)
        #expect(plan.files == Self.files)
        #expect(plan.schema == Self.plan.schema)
        #expect(plan.replayed == Self.plan.replayed)
        #expect(plan.clock == Self.plan.clock)
    }

    @Test func manifestsComeBack() throws {
        let json = try #require(JSON(text: Self.manifest.json.text()))
        let manifest = try #require(BatchManifest(json: json))
        #expect(manifest.json == Self.manifest.json)
        #expect(manifest.layers == Self.manifest.layers)
        #expect(manifest.counts == Self.manifest.counts)
        #expect(manifest.counts.first?.imbalance == 0)
        #expect(manifest.failures == Self.manifest.failures)
    }

    @Test func refusesPlansThatWouldBeRunWrongly() throws {
        let json = Self.plan.json
        for (name, value) in [
            ("version", JSON.integer(2)), ("number", .integer(0)), ("lanes", .integer(Int64.max)),
            ("lanes", .integer(0)),
            ("schema", .string("?")), ("kind", .string("other")), ("clock", .null),
            ("files", .array([.string("a.jsonl")])), ("replayed", .array([.integer(1)])),
        ] {
            #expect(BatchPlan(json: json.replacing(name, with: value)) == nil, "\(name)")
        }
    }

    /// Any part may be anything: it is refused, or read whole; nothing dies of it.
    @Test(arguments: 1...200 as ClosedRange<UInt64>) func survivesDamage(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let damagedPlan = Self.plan.json.damaged(&random)
        if let plan = BatchPlan(json: damagedPlan) { #expect(BatchPlan(json: plan.json) != nil, "seed \(seed)") }
        let damagedManifest = Self.manifest.json.damaged(&random)
        if let manifest = BatchManifest(json: damagedManifest) {
            #expect(BatchManifest(json: manifest.json)?.json == manifest.json, "seed \(seed)")
        }
        var bytes = Array((random.chance(50) ? Self.plan.json : Self.manifest.json).text().utf8)
        for _ in 0..<random.pick([1, 2, 5]) {
            bytes[random.pick(Array(bytes.indices))] = random.pick([0, 34, 44, 57, 255])
        }
        if let json = bytes.withUnsafeBytes({ JSON(bytes: $0) }) {
            _ = BatchPlan(json: json)
            _ = BatchManifest(json: json)
        }
    }
}

extension JSON {
    /// With one member of an object replaced.
    fileprivate func replacing(_ name: String, with value: JSON) -> JSON {
        .object((members ?? []).map { $0.name == name ? Member(name, value) : $0 })
    }

    /// With some part of it replaced, or gone, or there twice.
    fileprivate func damaged(_ random: inout SeededGenerator) -> JSON {
        if random.chance(15) {
            return random.pick([
                .null, .integer(-1), .integer(Int64.max), .integer(Int64.min), .string(""), .string("\u{0}"),
                .array([]), .object([]),
                .boolean(true), .number("1e999"), .number("99999999999999999999"),
            ])
        }
        if var members, !members.isEmpty {
            let place = random.pick(Array(members.indices))
            switch random.pick([0, 1, 2, 3]) {
            case 0: members.remove(at: place)
            case 1: members.append(members[place])
            default: members[place] = Member(members[place].name, members[place].value.damaged(&random))
            }
            return .object(members)
        }
        if var items, !items.isEmpty {
            let place = random.pick(Array(items.indices))
            items[place] = items[place].damaged(&random)
            return .array(items)
        }
        return self
    }
}
