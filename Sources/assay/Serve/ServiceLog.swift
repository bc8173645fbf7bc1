import Alerts
import Expectations
import Ledger
import Logging
import Pipeline
import Reports
import Service
import Tables

/// Tells what a service does: a line an event, with counts for those who watch over it.
struct ServiceLog: Sendable {
    private let log: Logger
    private let metrics: ServiceMetrics

    init(_ log: Logger, metrics: ServiceMetrics) {
        self.log = log
        self.metrics = metrics
    }

    // MARK: Validations

    func tell(_ run: RunResult) {
        let counts = run.statistics
        let level: Logger.Level = run.failure != nil || counts.errored > 0 ? .warning : run.success ? .info : .notice
        var metadata: Logger.Metadata = [
            "run": "\(run.id)", "suite": "\(run.suite)", "asset": "\(run.asset)", "outcome": "\(run.outcomeName)",
            "rows": "\(run.rowCount)", "passed": "\(counts.passed)", "failed": "\(counts.failed)",
            "vacuous": "\(counts.vacuous)", "errored": "\(counts.errored)",
            "seconds": Self.seconds(run.durationSeconds),
        ]
        if let failure = run.failure { metadata["error"] = "\(failure.message) [\(failure.code)]" }
        log.log(level: level, "validated", metadata: metadata)
    }

    func noReport(of run: RunResult, _ complaint: String) {
        log.warning(
            "there is no report", metadata: ["run": "\(run.id)", "suite": "\(run.suite)", "error": "\(complaint)"])
    }

    func tell(_ event: SchedulerEvent) {
        switch event {
        case .started(let occasion):
            metrics.validationBegan()
            if case .slot(let slot) = occasion.trigger {
                metrics.noteLag(seconds: max(0, Double(occasion.at - slot) / 1_000_000), of: occasion.validation)
            }
            log.debug("validation begins", metadata: Self.metadata(occasion))
        case .recorded(let occasion, let run, _, let took):
            metrics.validationEnded()
            log.debug(
                "validation recorded",
                metadata: Self.metadata(occasion).merging(
                    ["run": "\(run ?? "-")", "seconds": Self.seconds(Double(took) / 1_000_000)]) { $1 })
        case .retrying(let occasion, let reason, let pause):
            log.warning(
                "validation is tried again",
                metadata: Self.metadata(occasion).merging(
                    ["error": "\(reason)", "pause": "\(CivilTime.format(duration: pause))"]) { $1 })
        case .timedOut(let occasion):
            log.warning("validation took too long", metadata: Self.metadata(occasion))
        case .hangs(let occasion):
            metrics.validationBegan()
            log.error(
                "validation doesn't end, and is left behind",
                metadata: Self.metadata(occasion).merging(["error": "its data doesn't come"]) { $1 })
        case .answered(let occasion):
            metrics.validationEnded()
            log.notice("validation that was left behind has ended", metadata: Self.metadata(occasion))
        case .lookHangs(let asset):
            log.warning("a look at whether data has changed takes long", metadata: ["asset": "\(asset)"])
        case .abandoned(let occasion):
            metrics.validationEnded()
            log.notice("validation is left for later", metadata: Self.metadata(occasion))
        case .leaseLost(let occasion):
            metrics.validationEnded()
            log.warning("validation was taken over by another process", metadata: Self.metadata(occasion))
        case .notRecorded(let occasion, let reason):
            log.error(
                "validation could not be stored",
                metadata: Self.metadata(occasion).merging(["error": "\(reason)"]) { $1 })
        case .passedOver(let validation, let count, let isMore, let through):
            log.notice(
                "missed times are passed over",
                metadata: [
                    "suite": "\(validation.suite)", "asset": "\(validation.asset)",
                    "count": "\(count)\(isMore ? " or more" : "")",
                    "through": "\(CivilTime.format(microseconds: through))",
                ])
        case .clockWentAhead(let length):
            log.warning("the clock went ahead", metadata: ["by": "\(CivilTime.format(duration: length))"])
        case .clockWentBack(let length):
            log.warning("the clock was set back", metadata: ["by": "\(CivilTime.format(duration: length))"])
        case .clocksDiffer(let length):
            log.error(
                "another process over the store has a clock that is ahead",
                metadata: ["by": "\(CivilTime.format(duration: length))"])
        case .clockIsBehind(let count, let end):
            log.warning(
                "the clock is behind what was done, and validations wait for it",
                metadata: ["validations": "\(count)", "until": "\(CivilTime.format(microseconds: end))"])
        case .troubled(let reason): log.error("schedules can't be kept", metadata: ["error": "\(reason)"])
        case .waiting: metrics.schedulerLooked()
        }
    }

    private static func metadata(_ occasion: Occasion) -> Logger.Metadata {
        let trigger =
            switch occasion.trigger {
            case .slot(let slot): CivilTime.format(microseconds: slot)
            case .change: "change"
            case .request: "request"
            }
        return [
            "suite": "\(occasion.validation.suite)", "asset": "\(occasion.validation.asset)", "trigger": "\(trigger)",
            "attempt": "\(occasion.attempt)",
        ]
    }

    // MARK: Pipelines

    func tell(_ news: ServedStreams.News, of pipeline: String) {
        let log = { (level: Logger.Level, message: Logger.Message, metadata: Logger.Metadata) in
            self.log.log(level: level, message, metadata: metadata.merging(["pipeline": "\(pipeline)"]) { $1 })
        }
        switch news {
        case .failed(let reason, let again):
            log(.error, "pipeline ended", ["error": "\(reason)", "again_in": "\(CivilTime.format(duration: again))"])
        case .standingBy: log(.notice, "another process runs the pipeline; this one stands by", [:])
        case .event(.began(let batch, let files, let bytes)):
            log(.debug, "batch begins", ["batch": "\(batch)", "files": "\(files)", "bytes": "\(bytes)"])
        case .event(.committed(let summary)):
            metrics.noteBatch(seconds: Double(summary.milliseconds) / 1_000, of: pipeline)
            var metadata: Logger.Metadata = ["batch": "\(summary.batch)", "milliseconds": "\(summary.milliseconds)"]
            for hop in summary.counts {
                metadata["\(hop.hop)_in"] = "\(hop.input)"
                metadata["\(hop.hop)_out"] = "\(hop.output)"
                if hop.quarantined > 0 { metadata["\(hop.hop)_quarantined"] = "\(hop.quarantined)" }
            }
            log(.info, "batch committed", metadata)
        case .event(.recovering(let batch, let phase)):
            log(.notice, "batch of the process before is carried through", ["batch": "\(batch)", "phase": "\(phase)"])
        case .event(.held(let batch, let reason, let until)):
            log(
                .error, "batch is held",
                [
                    "batch": "\(batch)", "error": "\(reason)",
                    "again_at": "\(CivilTime.format(microseconds: until))",
                ])
        case .event(.setAside(let file, let reason)):
            log(.warning, "file is set aside", ["file": "\(file)", "error": "\(reason)"])
        case .event(.note(let text)): log(.notice, "note", ["note": "\(text)"])
        case .event(.retrying(let error, let pause)):
            log(
                .warning, "the pipeline waits for the machine",
                ["error": "\(error.summary)", "again_in": "\(CivilTime.format(duration: pause))"])
        case .event(.stalled(let error, let since)):
            log(
                .error, "the pipeline stands still",
                ["error": "\(error.summary)", "since": "\(CivilTime.format(microseconds: since))"])
        case .event(.caughtUp): log(.debug, "all that arrived is where it belongs", [:])
        }
    }

    // MARK: Access

    func tell(_ event: AccessEvent) {
        var metadata: Logger.Metadata = [
            "method": "\(event.method)", "path": "\(event.path)", "status": "\(event.status)", "peer": "\(event.peer)",
        ]
        if let token = event.token { metadata["token"] = "\(token)" }
        if let origin = event.forwardedFor { metadata["forwarded_for"] = "\(origin)" }
        switch event.kind {
        case .changed(let action, let person, let reason):
            metadata["action"] = "\(action)"
            metadata["by"] = "\(person)"
            if let reason { metadata["reason"] = "\(reason)" }
            log.notice("somebody changed something", metadata: metadata)
        case .refused(let code, let need, let unlogged):
            metadata["code"] = "\(code)"
            if let need { metadata["role"] = "\(need)" }
            if unlogged > 0 { metadata["unlogged"] = "\(unlogged)" }
            log.warning("somebody was not let in", metadata: metadata)
        }
    }

    // MARK: The rest

    func tell(_ event: DeliveryEvent) {
        metrics.noteDelivery(channel: event.channel, result: event.kind.rawValue)
        let level: Logger.Level =
            switch event.kind {
            case .delivered: .info
            case .postponed: .warning
            case .dead, .storeFailed: .error
            }
        var metadata: Logger.Metadata = [
            "route": "\(event.route)", "channel": "\(event.channel)", "incident": "\(event.incident)",
            "message": "\(event.id)", "attempts": "\(event.attempts)", "said": "\(event.message)",
        ]
        if let code = event.code { metadata["error"] = "\(code)" }
        if let next = event.nextAt { metadata["again_at"] = "\(CivilTime.format(microseconds: next))" }
        log.log(level: level, "message \(event.kind.rawValue)", metadata: metadata)
    }

    func tell(_ event: Housekeeping.Event) {
        switch event {
        case .removed(let outcome):
            log.info(
                "what was too old is removed",
                metadata: ["rows": "\(outcome.ledger.rows)", "reports": "\(outcome.reports.files)"])
        case .failed(let reason): log.error("what is too old could not be removed", metadata: ["error": "\(reason)"])
        }
    }

    func tell(_ event: LineageSender.Event) {
        switch event {
        case .postponed(let job, let attempt, let words):
            log.warning(
                "lineage postponed", metadata: ["job": "\(job)", "attempts": "\(attempt)", "error": "\(words)"])
        case .refused(let job, let words):
            log.error("lineage refused", metadata: ["job": "\(job)", "error": "\(words)"])
        case .tooOld(let count): log.error("lineage given up", metadata: ["count": "\(count)"])
        case .failed(let reason): log.error("lineage can't be sent", metadata: ["error": "\(reason)"])
        }
    }

    func storeFailed(_ consequence: Logger.Message, _ error: any Error) {
        let words = (error as? LedgerError)?.summary ?? (error as? PipelineError)?.summary ?? "\(error)"
        log.error(consequence, metadata: ["error": "\(words)"])
    }

    private static func seconds(_ seconds: Double) -> Logger.MetadataValue {
        "\(Wording.number((seconds * 1_000).rounded() / 1_000))"
    }
}
