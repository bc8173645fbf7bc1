public import Tables

extension KeptSchema {
    private static let version: Int64 = 1

    /// The schema as the state keeps it: `{"version":1,"initial":false,"columns":[{"name":…,"type":…,"origin":…}]}`.
    ///
    /// `"final":true` marks a column whose inferred type stays. A simple type is its name, a nested one an object: `{"list":…}`, `{"struct":[…]}`, `{"map":{"key":…,"value":…}}`.
    public var json: JSON {
        .object([
            JSON.Member("version", .integer(Self.version)), JSON.Member("initial", .boolean(isInitial)),
            JSON.Member(
                "columns",
                .array(
                    columns.map { column in
                        var members = [JSON.Member("name", .string(column.name))]
                        if let type = column.type {
                            members.append(JSON.Member("type", type.json))
                            members.append(JSON.Member("origin", .string(column.origin.rawValue)))
                            if column.isFinal { members.append(JSON.Member("final", .boolean(true))) }
                        }
                        return .object(members)
                    })),
        ])
    }

    /// `nil` for what no schema was written as, or a later version.
    public init?(json: JSON) {
        guard json["version"]?.integer == Self.version, let items = json["columns"]?.items,
            let isInitial = json["initial"]?.boolean
        else { return nil }
        var columns: [KeptColumn] = []
        for item in items {
            guard let name = item["name"]?.string else { return nil }
            guard let written = item["type"] else {
                columns.append(KeptColumn(name, nil, origin: .unknown))
                continue
            }
            guard let type = LogicalType(keptJSON: written), let word = item["origin"]?.string,
                let origin = TypeOrigin(rawValue: word)
            else { return nil }
            let isFinal = item["final"]?.boolean ?? false
            columns.append(KeptColumn(name, type, origin: origin, isFinal: isFinal))
        }
        self.init(columns, isInitial: isInitial)
    }
}

extension LogicalType {
    fileprivate var json: JSON {
        switch self {
        case .list(let element): .object([JSON.Member("list", element.json)])
        case .structure(let fields):
            .object([
                JSON.Member(
                    "struct",
                    .array(
                        fields.map { field in
                            .object([
                                JSON.Member("name", .string(field.name)), JSON.Member("type", field.type.json),
                                JSON.Member("nullable", .boolean(field.isNullable)),
                            ])
                        }))
            ])
        case .map(let key, let value):
            .object([
                JSON.Member("map", .object([JSON.Member("key", key.json), JSON.Member("value", value.json)]))
            ])
        default: .string(description)
        }
    }

    /// The reader of documents allows few levels, so that this ends soon.
    fileprivate init?(keptJSON json: JSON) {
        if let name = json.string {
            guard let type = LogicalType(named: name) else { return nil }
            self = type
        } else if let element = json["list"] {
            guard let type = LogicalType(keptJSON: element) else { return nil }
            self = .list(type)
        } else if let members = json["struct"]?.items {
            var fields: [Field] = []
            for member in members {
                guard let name = member["name"]?.string, let isNullable = member["nullable"]?.boolean,
                    let type = member["type"].flatMap({ LogicalType(keptJSON: $0) })
                else { return nil }
                fields.append(Field(name, type, isNullable: isNullable))
            }
            self = .structure(fields)
        } else if let map = json["map"], let key = map["key"].flatMap({ LogicalType(keptJSON: $0) }),
            let value = map["value"].flatMap({ LogicalType(keptJSON: $0) })
        {
            self = .map(key: key, value: value)
        } else {
            return nil
        }
    }
}
