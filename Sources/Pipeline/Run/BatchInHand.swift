import Delta
import Expectations
import Intake
import Tables

/// What a driver holds of the batch that it is at.
struct BatchInHand {
    let remembered: BatchMachine.Remembered
    /// The batch that is held; what people ask for may be at hand meanwhile.
    var held: Held?
    var plan: BatchPlan?
    var manifest: BatchManifest?
    /// What the run made of the plan; `nil` before it, and after a death.
    var made: Made?
    /// The keys that were seen; kept from batch to batch.
    var memory: StreamMemory?
    /// Files of the plan that can't be read, with the reason.
    var unreadable: [UnreadableFile] = []
    var isCaughtUp = false
    var hasEnded = false
    /// What had arrived and isn't in the batch.
    var backlog: (files: Int, byteCount: Int64) = (0, 0)
    /// When the last batch began, by the machine's clock.
    var began: Int64?
    /// Files of a batch that was given up: the next one is they, and nothing else.
    var heldBack: [IntakeFile] = []
    /// Columns of the batch that is planned anew, with types that its values need.
    var wider: [Field] = []
    /// That batch, until it is known what is left of its files.
    var givenUp: GivenUp?
    /// What to tell of columns' types when the batch is committed.
    var retyped: [String] = []
    /// What people were told of what arrives, so that they are told once.
    var told: Set<ArrivalNote.Occasion> = []

    /// A batch that is kept back.
    struct Held {
        let plan: BatchPlan
        /// Why; `nil` until the process knows it that found the batch held.
        var reason: String?
    }

    /// A batch that is to be planned anew.
    struct GivenUp {
        let number: Int
        let wasHeld: Bool
    }

    /// A file that can't be read, and why.
    struct UnreadableFile {
        let file: IntakeFile
        let error: SourceError

        var reason: String { "\(error.message) [\(error.code)]" }
    }

    /// The run's outcome, with the memory that it changes.
    struct Made {
        var settlement: Settlement
        /// By the layer's name.
        let files: [String: [DataFile]]
        let opened: PipelineLayers
        let stage: RecordStage
        let milliseconds: Int
        var commit: BatchCommit?
    }

    /// What the process before left behind.
    init(_ state: PipelineState) throws(PipelineError) {
        held = try state.heldBatch().map { Held(plan: $0.plan) }
        guard let open = try state.openBatch(), !open.isHeld else {
            remembered = held == nil ? .nothing : .held
            return
        }
        plan = open.plan
        manifest = open.manifest
        remembered = open.manifest != nil ? .prepared : .planned
    }

    /// The batch is over, or given up.
    mutating func clear() {
        (plan, manifest, made) = (nil, nil, nil)
        (unreadable, retyped) = ([], [])
    }
}
