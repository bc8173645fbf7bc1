import Service
import Suites
import Synchronization

/// What was counted of pipelines' quarantines, so that who looks again pays only for what has come since.
///
/// Bounded: the latest four questions.
final class QuarantineMemory: Sendable {
    private struct Question: Hashable {
        let pipeline: String
        let filter: QuarantineFilter
    }

    private let held = Mutex<[(question: Question, count: QuarantineCount)]>([])
    private static let most = 4

    /// What a quarantine holds now; throws `CancellationError` as soon as nobody wants it any more.
    func count(
        in definition: PipelineDefinition, _ filter: QuarantineFilter, isUnwanted: () -> Bool
    ) throws -> QuarantineCount {
        let question = Question(pipeline: definition.name, filter: filter)
        let known = held.withLock { held in held.first { $0.question == question }?.count }
        var count = known ?? QuarantineCount(filter)
        try count.advance(in: definition, isUnwanted: isUnwanted)
        held.withLock { [count] held in
            held.removeAll { $0.question == question }
            held.append((question, count))
            if held.count > Self.most { held.removeFirst() }
        }
        return count
    }
}
