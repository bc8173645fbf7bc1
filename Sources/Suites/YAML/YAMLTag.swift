import Expectations
import Tables

/// The tags of the core schema, as in `!!str 12`; there are no others.
enum YAMLTag {
    static let mapping = "tag:yaml.org,2002:map"
    static let sequence = "tag:yaml.org,2002:seq"

    /// The scalar as its tag says; throws where it is no such thing.
    static func apply(_ tag: String, to scalar: YAMLScalar, _ mark: SourceMark) throws(SuiteError) -> YAMLScalar {
        if tag == "!" || tag == "tag:yaml.org,2002:str" { return YAMLScalar(text: scalar.text, isPlain: false) }
        let plain = YAMLScalar(text: scalar.text, isPlain: true)
        switch (tag, plain.resolved) {
        case ("tag:yaml.org,2002:null", .null), ("tag:yaml.org,2002:bool", .boolean),
            ("tag:yaml.org,2002:float", .number), ("tag:yaml.org,2002:float", .float):
            return plain
        case ("tag:yaml.org,2002:int", .number(let number)) where number.scale == 0: return plain
        default: throw refusal(tag, mark)
        }
    }

    static func refusal(_ tag: String, _ mark: SourceMark) -> SuiteError {
        let core = "tag:yaml.org,2002:"
        let isKnown = ["map", "seq", "str", "null", "bool", "int", "float"].contains { core + $0 == tag }
        let name = tag.hasPrefix(core) ? "!!" + tag.dropFirst(core.count) : tag
        return SuiteError(
            code: "yaml-syntax",
            message: isKnown ? "what follows \(name) is no such value" : "the tag \(quoted(name)) is not supported",
            location: mark)
    }
}
