import Expectations
import Tables

/// Builds the tree of a YAML text out of libyaml's events: resolves anchors, fills in the environment, keeps the limits.
///
/// It keeps its own stack, so nesting costs no stack of the thread.
struct YAMLComposer {
    /// A finished node, and what it costs to stand in for it with an alias.
    struct Built {
        let node: YAMLNode
        /// Nodes in it, itself and those behind aliases included.
        var weight = 1
        /// Levels of lists and mappings in it.
        var height = 0
    }

    let source: SourceText
    private let environment: [String: String]
    private var frames: [YAMLFrame] = []
    private var anchors: [String: Built] = [:]
    private var root: YAMLNode?
    private var documents = 0
    private var nodes = 0
    private var aliasedNodes = 0
    private var filledBytes = 0
    private(set) var filled: [SourceMark: String] = [:]
    var problems = Problems()

    init(_ source: SourceText, environment: [String: String]) {
        self.source = source
        self.environment = environment
    }

    /// The file's one value; throws what keeps it from being read on, and notes the rest in `problems`.
    mutating func compose() throws(SuiteError) -> YAMLNode {
        let parser = try YAMLParser(source)
        while true {
            let (event, range) = try parser.next()
            if case .streamEnd = event { break }
            try handle(event, range)
        }
        if let root, !root.isNull { return root }
        throw SuiteError(code: "empty-file", message: "there is nothing in the file", location: source.mark(at: 0))
    }

    private mutating func handle(_ event: YAMLEvent, _ range: Range<Int>) throws(SuiteError) {
        let mark = source.mark(at: range.lowerBound)
        switch event {
        case .documentStart:
            documents += 1
            if documents > 1 {
                throw SuiteError(
                    code: "yaml-syntax", message: "a second document begins here, a file holds one", location: mark)
            }
        case .scalar(let scalar, let properties):
            try count(mark)
            try add(scalar, properties, range, mark)
        case .alias(let name): try add(aliasOf: name, mark)
        case .sequenceStart(let properties, let isFlow):
            try open(YAMLFrame(mark: mark, properties: properties, isFlow: isFlow, isMapping: false))
        case .mappingStart(let properties, let isFlow):
            try open(YAMLFrame(mark: mark, properties: properties, isFlow: isFlow, isMapping: true))
        case .collectionEnd:
            guard let frame = frames.popLast() else { return }
            let built = frame.built
            try place(built, anchor: frame.properties.anchor)
        case .streamEnd, .other: break
        }
    }

    private mutating func count(_ mark: SourceMark) throws(SuiteError) {
        nodes += 1
        guard nodes <= Limits.nodes else {
            throw .limit("the file has more than \(Wording.count(Limits.nodes)) values", mark)
        }
    }

    private mutating func open(_ frame: YAMLFrame) throws(SuiteError) {
        try count(frame.mark)
        guard frames.count < Limits.depth else {
            throw .limit("lists and mappings are nested more than \(Limits.depth) deep", frame.mark)
        }
        if let tag = frame.properties.tag, tag != (frame.isMapping ? YAMLTag.mapping : YAMLTag.sequence) {
            problems.add(YAMLTag.refusal(tag, frame.mark))
        }
        frames.append(frame)
    }

    private mutating func add(
        _ written: YAMLScalar, _ properties: YAMLProperties, _ range: Range<Int>, _ mark: SourceMark
    ) throws(SuiteError) {
        guard written.text.utf8.count <= Limits.scalarBytes else { throw .limit("a text is longer than 1 MiB", mark) }
        var scalar = written
        if let tag = properties.tag {
            do { scalar = try YAMLTag.apply(tag, to: written, mark) } catch { problems.add(error) }
        }
        if !(frames.last?.wantsKey ?? false) { scalar = try fill(scalar, range, mark) }
        try place(Built(node: YAMLNode(content: .scalar(scalar), mark: mark)), anchor: properties.anchor)
    }

    private mutating func fill(
        _ scalar: YAMLScalar, _ range: Range<Int>, _ mark: SourceMark
    ) throws(SuiteError) -> YAMLScalar {
        guard let filling = EnvironmentText(scalar.text, environment: environment) else { return scalar }
        let extra = range.count - scalar.text.unicodeScalars.count
        guard filling.problems.isEmpty else {
            // A text on one line without escapes stands in the file as it is, but for its quotes.
            let isVerbatim = extra == (scalar.isPlain ? 0 : 2)
            let found = filling.problems.map { problem, offset in
                (problem, source.mark(at: range.lowerBound + (isVerbatim ? offset + extra / 2 : 0)))
            }
            problems.add(found, from: mark, to: source.mark(at: range.upperBound))
            return scalar
        }
        filledBytes += filling.text.utf8.count
        guard filling.text.utf8.count <= Limits.scalarBytes, filledBytes <= Limits.filledBytes else {
            throw .limit("a text is too long once the environment is filled in", mark)
        }
        guard filling.isFilled else { return YAMLScalar(text: filling.text, isPlain: scalar.isPlain) }
        filled[mark] = scalar.text
        return YAMLScalar(text: filling.text, isPlain: scalar.isPlain, written: scalar.text)
    }

    private mutating func add(aliasOf name: String, _ mark: SourceMark) throws(SuiteError) {
        guard let target = anchors[name] else {
            let isOpen = frames.contains { $0.properties.anchor == name }
            problems.add(
                "yaml-syntax",
                isOpen
                    ? "*\(name) stands inside of what it is the name of" : "there is no &\(name) before this *\(name)",
                at: mark, hint: nearestAnchor(to: name).map { "did you mean *\($0)?" })
            try place(
                Built(node: YAMLNode(content: .scalar(YAMLScalar(text: "", isPlain: true)), mark: mark)), anchor: nil)
            return
        }
        aliasedNodes += target.weight
        guard aliasedNodes <= Limits.aliasedNodes else {
            throw .limit("aliases stand for more than \(Wording.count(Limits.aliasedNodes)) values", mark)
        }
        guard frames.count + target.height <= Limits.depth else {
            throw .limit("lists and mappings are nested more than \(Limits.depth) deep", mark)
        }
        try place(target, anchor: nil, keyMark: mark)
    }

    private func nearestAnchor(to name: String) -> String? {
        guard !problems.isFull, anchors.count <= Limits.depth else { return nil }
        return Suggestion.nearest(to: name, among: anchors.keys.sorted())
    }

    /// Puts a finished node where it belongs.
    private mutating func place(_ built: Built, anchor: String?, keyMark: SourceMark? = nil) throws(SuiteError) {
        if let anchor { anchors[anchor] = built }
        guard !frames.isEmpty else {
            root = built.node
            return
        }
        try frames[frames.count - 1].add(built, keyMark: keyMark, problems: &problems)
    }
}

extension SuiteError {
    static func limit(_ message: String, _ mark: SourceMark) -> SuiteError {
        SuiteError(code: "yaml-limit", message: message, location: mark)
    }
}

extension EnvironmentText.Problem {
    func error(at mark: SourceMark) -> SuiteError {
        switch self {
        case .unset(let name):
            SuiteError(
                code: "unset-variable", message: "the environment has no \(name)", location: mark,
                hint: "set it, or give a default: ${\(name):-…}")
        case .unclosed:
            SuiteError(
                code: "bad-variable", message: "the \"}\" is missing after this \"${\"", location: mark,
                hint: "write $${ where a text is meant")
        case .malformed(let name):
            SuiteError(
                code: "bad-variable", message: "after ${\(name) only \"}\" or \":-\" may stand", location: mark,
                hint: "write ${\(name)} or ${\(name):-default}, and $${ where a text is meant")
        case .tooLong: .limit("a text is too long once the environment is filled in", mark)
        }
    }
}
