import CLibYAML
import Expectations

/// What libyaml finds in a text, piece by piece.
enum YAMLEvent {
    case documentStart
    case scalar(YAMLScalar, YAMLProperties)
    case alias(String)
    case sequenceStart(YAMLProperties, isFlow: Bool)
    case mappingStart(YAMLProperties, isFlow: Bool)
    case collectionEnd
    case streamEnd
    /// The stream's start and a document's end: of no interest.
    case other
}

/// What may stand before a value.
struct YAMLProperties {
    let anchor: String?
    let tag: String?
}

/// libyaml's parser over a text held in memory; its pointers and marks stop here.
final class YAMLParser {
    private let source: SourceText
    private let escapes: JSONEscapes?
    // The parser reads from `bytes` until it is deleted, and both live as long as this object does.
    private let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    private let bytes: UnsafeMutableBufferPointer<UInt8>

    init(_ source: SourceText) throws(SuiteError) {
        self.source = source
        escapes = JSONEscapes.apply(to: source.text, file: source.file) ? JSONEscapes(source.text) : nil
        let text = escapes?.text ?? source.text
        bytes = UnsafeMutableBufferPointer.allocate(capacity: text.utf8.count)
        _ = bytes.initialize(from: text.utf8)
        parser.initialize(to: yaml_parser_t())
        guard yaml_parser_initialize(parser) == 1 else {
            throw SuiteError(
                code: "out-of-memory", message: "there is no memory to read the file", location: source.mark(at: 0))
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        // Deleting what was never initialized is safe too: it is all zeros then.
        yaml_parser_delete(parser)
        parser.deallocate()
        bytes.deallocate()
    }

    /// The next event, and the offsets in the source's scalars where it begins and ends.
    func next() throws(SuiteError) -> (event: YAMLEvent, range: Range<Int>) {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { yaml_event_delete(&event) }
        let start = original(Int(event.start_mark.index))
        return (Self.translate(event), start..<max(start, original(Int(event.end_mark.index))))
    }

    private func original(_ offset: Int) -> Int { escapes?.original(offset) ?? offset }

    private static func translate(_ event: yaml_event_t) -> YAMLEvent {
        switch event.type {
        case YAML_DOCUMENT_START_EVENT: return .documentStart
        case YAML_STREAM_END_EVENT: return .streamEnd
        case YAML_ALIAS_EVENT: return .alias(text(event.data.alias.anchor) ?? "")
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            // libyaml gives as many bytes as `length` says, all of them UTF-8 that it has checked.
            let content = String(
                decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            return .scalar(
                YAMLScalar(text: content, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE),
                YAMLProperties(anchor: text(scalar.anchor), tag: text(scalar.tag)))
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            return .sequenceStart(
                YAMLProperties(anchor: text(start.anchor), tag: text(start.tag)),
                isFlow: start.style == YAML_FLOW_SEQUENCE_STYLE)
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            return .mappingStart(
                YAMLProperties(anchor: text(start.anchor), tag: text(start.tag)),
                isFlow: start.style == YAML_FLOW_MAPPING_STYLE)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return .collectionEnd
        default: return .other
        }
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private func failure() -> SuiteError {
        let failure = parser.pointee
        func message(_ pointer: UnsafePointer<CChar>?) -> String { pointer.map { String(cString: $0) } ?? "" }
        var complaint = YAMLComplaint(
            problem: message(failure.problem), context: message(failure.context),
            offset: original(Int(failure.problem_mark.index)),
            contextOffset: original(Int(failure.context_mark.index)))
        if failure.error == YAML_READER_ERROR {
            let scalarsBefore = bytes.prefix(failure.problem_offset).count { $0 & 0xC0 != 0x80 }
            complaint = YAMLComplaint(
                problem: complaint.problem, context: "", offset: original(scalarsBefore), contextOffset: 0)
        }
        return complaint.error(in: source)
    }
}
