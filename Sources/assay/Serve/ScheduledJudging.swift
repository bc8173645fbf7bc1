import Alerts
import Expectations
import Ledger
import Service
import Suites
import Tables

/// What a project's scheduler has done: validations judged, their runs stored with what people and catalogues are told of them.
struct ScheduledJudging: Sendable {
    private let project: Project
    private let alerts: AlertDesk
    private let house: ServiceHouse.Parts
    private let desk: ValidationDesk
    private let log: ServiceLog
    private let rules: [Validation: Project.Validation]
    /// `nil` where nobody asks for events.
    private let lineage: RunLineage?

    init(
        _ project: Project, _ alerts: AlertDesk, _ lineage: ServiceDefinition.Lineage?, of house: ServiceHouse.Parts
    ) {
        self.project = project
        self.alerts = alerts
        self.house = house
        desk = ValidationDesk(
            project: project, ledger: house.ledger,
            threads: max(1, house.options.threads / project.service.validationsAtOnce),
            memory: house.options.memory.share(of: project.service.validationsAtOnce))
        log = ServiceLog(house.log, metrics: house.metrics)
        rules = Dictionary(
            project.validations.map { (Validation(suite: $0.suite, asset: $0.asset), $0) }
        ) { first, _ in first }
        self.lineage = lineage.map {
            RunLineage(
                LineageEvents(
                    namespace: $0.namespace, version: Version.current, showsValues: project.reportedValues == .shown))
        }
    }

    var scheduler: Scheduler {
        var settings = SchedulerSettings(holder: house.holder)
        settings.validationsAtOnce = project.service.validationsAtOnce
        settings.grace = project.service.grace
        return Scheduler(
            project.validations.map { ScheduledValidation($0) }, edges: project.edges, ledger: house.ledger,
            settings: settings, clock: SchedulerClock(now: house.clock), hanging: house.hanging,
            attendance: house.attendance, places: house.places, work: work)
    }

    private var work: SchedulerWork {
        SchedulerWork(
            judge: { try await judge($0, $1) }, undecided: { undecided($0, $2) },
            fingerprint: { name in project.asset(named: name).flatMap { DataFingerprint.text(of: $0) } },
            report: { log.tell($0) })
    }

    private func judge(_ scheduled: ScheduledValidation, _ occasion: Occasion) async throws -> ScheduledOutcome {
        guard let validation = rules[scheduled.id] else { throw CancellationError() }
        let (id, now) = (RunID.make(), house.clock())
        begin(id, scheduled.id, at: now)
        let judged = try await desk.judge(validation, id: id, at: now, isLast: occasion.isLastAttempt)
        // Of an attempt that another follows nothing is stored; the scheduler tells what was in the way.
        if let failure = judged.run.failure, !occasion.isLastAttempt { throw UndecidedAttempt(failure: failure) }
        log.tell(judged.run)
        return outcome(judged, validation.rules.alerts)
    }

    /// Tells that a run begins; where that can't be stored it is told with its end, and one that somebody has taken over is theirs to tell.
    private func begin(_ id: String, _ validation: Validation, at now: Int64) {
        guard let lineage, let asset = project.asset(named: validation.asset) else { return }
        do {
            try house.ledger.transaction { transaction in
                let lease = ScheduleClaim.leaseName(validation)
                guard try transaction.hasLease(lease, holder: house.holder) else { return }
                try lineage.begin(id, validation, at: now, inputs: asset.datasets, in: transaction)
            }
        } catch { log.storeFailed("that \(validation.suite) on \(validation.asset) began was not noted yet", error) }
    }

    private func undecided(_ scheduled: ScheduledValidation, _ reason: UndecidedReason) -> ScheduledOutcome {
        guard let validation = rules[scheduled.id] else {
            preconditionFailure("a scheduler has the validations of its project")
        }
        let judged = desk.undecided(
            validation, id: RunID.make(), at: house.clock(), .unfinished("\(reason)"))
        log.tell(judged.run)
        return outcome(judged, validation.rules.alerts)
    }

    private func outcome(_ judged: ValidationDesk.Judged, _ policy: AlertPolicy) -> ScheduledOutcome {
        if let complaint = judged.complaint { log.noReport(of: judged.run, complaint) }
        return ScheduledOutcome(run: judged.run.id, isUndecided: judged.run.failure != nil) { transaction in
            try transaction.record(judged.run, report: judged.report)
            _ = try alerts.take(
                judged.run, report: judged.report, policy: policy, at: house.clock(), in: transaction)
            guard let lineage, let asset = project.asset(named: judged.run.asset) else { return }
            try lineage.end(judged.run, inputs: asset.datasets, at: house.clock(), in: transaction)
        }
    }
}

/// An attempt that came to no result.
private struct UndecidedAttempt: Error, CustomStringConvertible {
    let failure: RunFailure

    var description: String { "\(failure.message) [\(failure.code)]" }
}
