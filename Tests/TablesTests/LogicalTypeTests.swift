import Tables
import Testing

@Suite struct LogicalTypeTests {
    static let names: [(String, String?)] = [
        ("int64", "int64"), ("INT", "int64"), ("BIGINT", "int64"), ("int(11)", "int64"), ("Int64Dtype", "int64"),
        ("LongType", "int64"), ("uint8", "uint64"), ("float", "float64"), ("double precision", "float64"),
        ("DOUBLE_PRECISION", "float64"), ("real", "float64"), ("str", "string"), ("object", "string"), ("O", "string"),
        ("VARCHAR(20)", "string"), ("character varying(20)", "string"), ("bool_", "boolean"), ("bit", "boolean"),
        ("bytea", "binary"), ("date32", "date"), ("TIME", "time"), ("datetime64[ns]", "timestamp"),
        ("datetime64[ns, UTC]", "timestamp"), ("TIMESTAMP WITH TIME ZONE", "timestamp"), ("timestamp(6)", "timestamp"),
        ("TimestampNTZType", "timestamp"), ("timedelta64[ns]", "duration"), ("interval", "duration"),
        ("decimal", "decimal(38,0)"), ("NUMERIC(12, 2)", "decimal(12,2)"), ("decimal(5)", "decimal(5,0)"),
        ("decimal(38,38)", "decimal(38,38)"), ("  string  ", "string"),
        ("", nil), ("strng", nil), ("decimal()", nil), ("decimal(5,)", nil), ("decimal(,5)", nil), ("decimal(0)", nil),
        ("decimal(39)", nil), ("decimal(2,5)", nil), ("decimal(5,2,1)", nil), ("decimal(5,-1)", nil),
        ("decimal(5.5)", nil), ("decimal(5", nil), ("decimal 5)", nil), ("varchar(1,2)", nil), ("boolean(1)", nil),
        ("date(1)", nil), ("int64(8)", nil), ("(5)", nil), ("varchar(max)", nil),
    ]

    @Test(arguments: names) func understandsNames(_ name: String, _ wanted: String?) {
        #expect(LogicalType(named: name)?.description == wanted)
    }

    @Test func everyKnownNameIsUnderstood() {
        #expect(TypeName.known.filter { TypeName($0) == nil } == [])
        #expect(TypeName.known.filter { TypeName($0.uppercased())?.type != TypeName($0)?.type } == [])
    }

    @Test(arguments: [
        "boolean", "int64", "uint64", "float64", "decimal(12,2)", "string", "binary", "date", "time", "timestamp",
        "duration",
    ])
    func ourOwnNamesReadBack(_ name: String) {
        #expect(LogicalType(named: name)?.description == name)
    }

    @Test func aDecimalWithoutParametersMatchesAnyDecimal() throws {
        let any = try #require(TypeName("decimal"))
        let exact = try #require(TypeName("decimal(12,2)"))
        #expect(any.matches(.decimal(precision: 5, scale: 1)))
        #expect(exact.matches(.decimal(precision: 12, scale: 2)))
        #expect(!exact.matches(.decimal(precision: 12, scale: 3)))
        #expect(!any.matches(.float64))
        #expect(try #require(TypeName("varchar(5)")).matches(.string))
    }

    private static let scalars: [LogicalType] = [
        .boolean, .int64, .uint64, .float64, .decimal(precision: 38, scale: 0), .decimal(precision: 5, scale: 2),
        .string,
        .date, .time, .timestamp,
    ]

    @Test func wideningHasNoDirection() {
        for left in Self.scalars {
            #expect(left.widened(toInclude: left) == left)
            for right in Self.scalars {
                let wider = left.widened(toInclude: right)
                #expect(wider == right.widened(toInclude: left), "\(left), \(right)")
                if let wider { #expect(wider.widened(toInclude: right) == wider, "\(left), \(right)") }
            }
        }
    }

    @Test func wideningDoesNotDependOnTheOrder() {
        for a in Self.scalars {
            for b in Self.scalars {
                for c in Self.scalars {
                    let first = a.widened(toInclude: b)?.widened(toInclude: c)
                    let last = b.widened(toInclude: c).flatMap { a.widened(toInclude: $0) }
                    #expect(first == last, "\(a), \(b), \(c)")
                }
            }
        }
    }

    @Test func describesNestedTypes() {
        let type = LogicalType.list(.structure([Field("a", .int64), Field("b", .map(key: .string, value: .date))]))
        #expect(type.description == "list<struct<a: int64, b: map<string, date>>>")
    }
}
