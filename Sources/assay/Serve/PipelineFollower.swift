import Ledger
import Pipeline
import Service
import Suites

/// Has validations run that follow on pipelines, whichever process runs these.
///
/// Pipelines' own states say how far they have come, so what could not be noted is found again: at the next look, or by the next process.
actor PipelineFollower {
    private struct Subject {
        let pipeline: String
        /// Where its state lies.
        let folder: String
        /// What the state's files looked like when it was last followed.
        var seen: StateLook?
        /// Whether it has committed a batch that wasn't noted yet.
        var isNews = false
    }

    private var subjects: [Subject]
    private let scheduler: Scheduler
    private let onFailure: @Sendable (_ pipeline: String, any Error) -> Void

    /// Between two looks.
    private static let interval = Duration.seconds(5)

    init(_ project: Project, _ scheduler: Scheduler, onFailure: @escaping @Sendable (String, any Error) -> Void) {
        let followed = Set(project.validations.flatMap(\.rules.after))
        subjects = project.pipelines.filter { followed.contains($0.name) }.map {
            Subject(pipeline: $0.name, folder: $0.state)
        }
        self.scheduler = scheduler
        self.onFailure = onFailure
    }

    /// Looks until its task is cancelled.
    func run() async {
        guard !subjects.isEmpty else { return }
        while !Task.isCancelled {
            do { try await Task.sleep(for: Self.interval) } catch { return }
            await look()
        }
    }

    /// A pipeline of this process has committed a batch.
    func committed(_ pipeline: String) async {
        guard let index = subjects.firstIndex(where: { $0.pipeline == pipeline }) else { return }
        subjects[index].isNews = true
        await look(at: index)
    }

    /// Looks at all of them, once.
    func look() async {
        for index in subjects.indices { await look(at: index) }
    }

    private func look(at index: Int) async {
        let subject = subjects[index]
        let look = StateLook(subject.folder)
        guard look != subject.seen || subject.isNews else { return }
        do {
            try await scheduler.follow(try Self.mark(subject), isNews: subject.isNews)
            subjects[index].seen = look
            subjects[index].isNews = false
        } catch { onFailure(subject.pipeline, error) }
    }

    private static func mark(_ subject: Subject) throws -> PipelineMark {
        guard let state = try PipelineState(readingFrom: subject.folder) else {
            return PipelineMark(pipeline: subject.pipeline, state: "", batch: 0)
        }
        defer { try? state.close() }
        let standing = try state.standing()
        return PipelineMark(pipeline: subject.pipeline, state: standing.state, batch: standing.batch)
    }
}
