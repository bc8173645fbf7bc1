import Expectations
import Intake
import Tables

/// What a driver holds of the batch that it is at.
struct BatchInHand {
    let remembered: BatchMachine.Remembered
    var plan: BatchPlan?
    var manifest: BatchManifest?
    /// What the run made of the plan; `nil` before it, and after a death.
    var made: Made?
    /// The keys that were seen; kept from batch to batch.
    var memory: StreamMemory?
    /// Files of the plan that can't be read, with the reason.
    var unreadable: [(file: IntakeFile, reason: String)] = []
    /// Files of the plan that aren't there as they were: they may be found anew.
    var reason: String?
    var isCaughtUp = false
    var hasEnded = false
    /// When the last batch began, by the machine's clock.
    var began: Int64?

    /// The run's outcome, with the memory that it changes.
    struct Made {
        var settlement: Settlement
        let layers: [BatchManifest.Layer]
        let opened: PipelineLayers
        let stage: RecordStage
        let milliseconds: Int
        var commit: BatchCommit?
    }

    /// What the process before left behind.
    init(_ state: PipelineState) throws(PipelineError) {
        guard let open = try state.openBatch() else {
            remembered = .nothing
            return
        }
        plan = open.plan
        manifest = open.manifest
        remembered = open.manifest != nil ? .prepared : open.isHeld ? .held : .planned
    }

    /// How long to wait until the next batch may begin, in microseconds.
    func pause(_ every: Int64, now: Int64) -> Int64 {
        guard let began else { return min(every, 1_000_000) }
        return max(1_000, min(every, began.addingClamped(every) - now))
    }

    /// The batch is over, or given up.
    mutating func clear() {
        (plan, manifest, made, reason) = (nil, nil, nil, nil)
        unreadable = []
    }
}
