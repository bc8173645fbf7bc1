public import Expectations
public import Ledger

/// What one run, or one batch of a pipeline, says of one thing that can break.
public struct AlertSignal: Sendable, Hashable {
    public enum News: Sendable, Hashable {
        case failing
        case succeeding
        /// There was nothing to check, which neither breaks nor mends anything.
        case nothing
    }

    /// Stays the same from run to run: an expectation's fingerprint, `run`, or a word.
    public let key: String
    public let news: News
    /// The kind's name.
    public let type: String
    public let columns: [String]
    public let severity: Severity
    /// In words, without values of rows; control characters are spaces, and what is beyond `sentenceLimit` is cut.
    public let sentence: String
    public let counts: AlertRecord.Counts?

    public init(
        key: String, news: News, type: String, columns: [String] = [], severity: Severity, sentence: String,
        counts: AlertRecord.Counts? = nil
    ) {
        self.key = key
        self.news = news
        self.type = type
        self.columns = columns
        self.severity = severity
        self.sentence = Self.fit(sentence)
        self.counts = counts
    }

    /// The longest sentence, in Unicode scalars: messages are read on telephones.
    public static let sentenceLimit = 1_000

    /// Sentences quote what suites and files say.
    private static func fit(_ sentence: String) -> String {
        var fitting = String.UnicodeScalarView()
        for (count, scalar) in sentence.unicodeScalars.enumerated() {
            guard count < sentenceLimit else {
                fitting.append("…")
                break
            }
            fitting.append(scalar.properties.generalCategory == .control ? " " : scalar)
        }
        return String(fitting)
    }
}

extension AlertSignal {
    /// The signals of a run in the order of its suite, after one that says whether its data could be read and judged.
    ///
    /// Where it could not be, that is the only one. Sentences come without the values of rows that results may tell.
    public static func signals(of run: RunResult) -> [AlertSignal] {
        guard run.failure == nil else { return [reading(of: run)] }
        var places: [String: Int] = [:]
        var signals = [reading(of: run)]
        for result in run.results {
            let signal = AlertSignal(result)
            guard let place = places[signal.key] else {
                places[signal.key] = signals.count
                signals.append(signal)
                continue
            }
            // An expectation that stands in the suite twice, differently loud.
            if signals[place].isOutweighed(by: signal) { signals[place] = signal }
        }
        return signals
    }

    private static func reading(of run: RunResult) -> AlertSignal {
        AlertSignal(
            key: AlertMessage.Item.undecidedKey, news: run.failure == nil ? .succeeding : .failing,
            type: run.failure?.isOfData == false ? AlertMessage.Item.judgingType : "data", severity: .critical,
            sentence: run.failure.map { "\($0.sentence) [\($0.code)]" } ?? "The data can be read and judged.")
    }

    private init(_ result: ExpectationResult) {
        let expectation = result.expectation
        let news: News =
            switch result.outcome {
            case .vacuous where result.success: .nothing
            case .passed, .failed, .vacuous, .errored: result.success ? .succeeding : .failing
            }
        self.init(
            key: expectation.fingerprint, news: news, type: expectation.type, columns: expectation.columns,
            severity: result.severity, sentence: result.discreetSentence ?? result.sentence,
            counts: result.rows.map { .init(unexpected: $0.unexpectedCount, elements: $0.consideredCount) })
    }

    private func isOutweighed(by other: AlertSignal) -> Bool {
        switch (news, other.news) {
        case (.failing, .failing): severity < other.severity
        case (.failing, _), (.succeeding, .nothing), (.succeeding, .succeeding), (.nothing, .nothing): false
        case (_, .failing), (.nothing, .succeeding): true
        }
    }
}

/// What gave the occasion for signals: a run, or a batch.
public struct AlertOccasion: Sendable, Hashable {
    /// Unique among those of its subject; what comes again with the same one changes nothing.
    public let id: String
    /// By its own clock: microseconds since 1970-01-01T00:00:00Z.
    public let startedAt: Int64
    /// The report's file name.
    public let report: String?
    /// Whether all that is asked has a signal, so that what has none is no longer asked.
    public let isComplete: Bool

    public init(id: String, startedAt: Int64, report: String? = nil, isComplete: Bool) {
        self.id = id
        self.startedAt = startedAt
        self.report = report
        self.isComplete = isComplete
    }
}
