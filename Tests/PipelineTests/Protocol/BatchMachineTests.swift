import Pipeline
import Testing

/// Whatever happens in whatever order, each file is published once.
@Suite struct BatchMachineTests {
    @Test func losesAndRepeatsNothingWhateverHappens() {
        var search = Search()
        search.explore(Situation(files: 2, troubles: 5))
        #expect(search.mistakes == [])
        // All steps were reached, before and after deaths.
        #expect(search.deaths == Set(BatchMachine.Step.allCases))
        #expect(search.known.count > 500)
    }

    static let memories: [(BatchMachine.Remembered, BatchMachine.Step, Bool)] = [
        (.nothing, .plan, false), (.planned, .run, false), (.held, .rest, true), (.prepared, .publish, false),
    ]

    @Test(arguments: memories) func beginsWithWhatIsRemembered(
        _ remembered: BatchMachine.Remembered, _ step: BatchMachine.Step, _ isHeld: Bool
    ) {
        var machine = BatchMachine()
        #expect(machine.step == .rest)
        machine.handle(.found(remembered))
        #expect(machine.step == step)
        #expect(machine.isHeld == isHeld)
    }

    @Test func plansAHeldBatchAnew() {
        var machine = BatchMachine()
        for event in [BatchMachine.Event.found(.nothing), .planned, .ran, .mustWait] { machine.handle(event) }
        #expect(machine.isHeld)
        machine.handle(.woken)
        #expect(machine.step == .abandon)
        #expect(!machine.isHeld)
    }

    /// What people ask for doesn't end a hold, whoever held the batch.
    @Test func leavesAHeldBatchAsItIsMeanwhile() {
        var machine = BatchMachine()
        for event in [
            BatchMachine.Event.found(.held), .found(.planned), .ran, .mayGoOn, .prepared, .published, .finished,
        ] {
            machine.handle(event)
        }
        #expect(machine.step == .plan)
        machine.handle(.nothingToPlan)
        #expect(machine.step == .rest && machine.isHeld)
        machine.handle(.asked)
        #expect(machine.step == .plan && machine.isHeld)
    }

    @Test func refusesWhatCannotHappen() async {
        await #expect(processExitsWith: .failure) {
            var machine = BatchMachine()
            machine.handle(.found(.planned))
            machine.handle(.prepared)
        }
    }
}

/// A process, the disk that outlives it, and how much may go wrong still.
private struct Situation: Hashable {
    /// What the disk has.
    private var waiting: [Int]
    private var remembered = BatchMachine.Remembered.nothing
    private var planned: [Int] = []
    private var number = 0
    private var publishedBatches: Set<Int> = []
    private(set) var published: [Int: Int] = [:]
    /// What the process has.
    private var hasRun = false
    private var hasChecked = false
    private(set) var troubles: Int
    private var isAwake = false

    private let files: Int

    init(files: Int, troubles: Int) {
        self.files = files
        self.troubles = troubles
        waiting = Array(0..<files)
    }

    var isDone: Bool { waiting.isEmpty && planned.isEmpty && remembered == .nothing }
    var isRight: Bool { published == Dictionary(uniqueKeysWithValues: (0..<files).map { ($0, 1) }) }

    /// The process dies, and another one begins.
    mutating func die() {
        troubles -= 1
        (hasRun, hasChecked, isAwake) = (false, false, false)
    }

    /// The ways in which the step at hand may end, the one without trouble first.
    func endings(_ machine: BatchMachine) -> [BatchMachine.Event] {
        guard isAwake else { return [.found(remembered)] }
        switch machine.step {
        case .plan: return waiting.isEmpty ? [.nothingToPlan] : [.planned]
        case .run: return [.ran, .cannotRun]
        case .check: return [.mayGoOn, .mustWait]
        case .prepare: return [.prepared]
        case .publish: return [.published]
        case .finish: return [.finished]
        case .abandon: return [.abandoned]
        case .rest: return [.woken]
        }
    }

    /// Does to the disk what ends so; a mistake in words where that must not be.
    mutating func carryOut(_ event: BatchMachine.Event) -> String? {
        switch event {
        case .found, .nothingToPlan, .woken, .asked: isAwake = true
        case .planned:
            guard remembered == .nothing else { return "a batch is planned while another one is open" }
            number += 1
            planned = [waiting.removeFirst()]
            remembered = .planned
        case .ran: hasRun = true
        case .cannotRun: troubles -= 1
        case .mayGoOn:
            guard hasRun else { return "a batch is checked that this process didn't run" }
            hasChecked = true
        case .mustWait:
            guard hasRun else { return "a batch is held that this process didn't run" }
            troubles -= 1
            remembered = .held
        case .prepared:
            guard hasChecked, remembered == .planned else { return "a batch is prepared unchecked" }
            remembered = .prepared
        case .published:
            guard remembered == .prepared else { return "a batch is seen before its commit point" }
            if publishedBatches.insert(number).inserted {
                for file in planned { published[file, default: 0] += 1 }
            }
        case .finished:
            guard publishedBatches.contains(number) else { return "a batch is finished that nobody sees" }
            (planned, remembered, hasRun, hasChecked) = ([], .nothing, false, false)
        case .abandoned:
            guard remembered != .prepared else { return "a batch is given up after its commit point" }
            waiting += planned
            (planned, remembered, hasRun, hasChecked) = ([], .nothing, false, false)
        }
        return nil
    }
}

/// Goes through all situations that can come about.
private struct Search {
    private struct Place: Hashable {
        let situation: Situation
        let step: BatchMachine.Step
        let isHeld: Bool
    }

    private(set) var mistakes: [String] = []
    private(set) var deaths: Set<BatchMachine.Step> = []
    private(set) var known: Set<AnyHashable> = []

    mutating func explore(_ situation: Situation) { explore(situation, BatchMachine()) }

    private mutating func explore(_ situation: Situation, _ machine: BatchMachine) {
        let place = Place(situation: situation, step: machine.step, isHeld: machine.isHeld)
        guard known.insert(AnyHashable(place)).inserted else { return }
        if !comesToItsEnd(situation, machine) { mistakes.append("\(machine) goes round in circles") }
        if situation.isDone {
            if !situation.isRight { mistakes.append("in the end: \(situation.published)") }
            return
        }
        for (number, event) in situation.endings(machine).enumerated() where number == 0 || situation.troubles > 0 {
            var next = situation
            if let mistake = next.carryOut(event) {
                mistakes.append(mistake)
                continue
            }
            var told = machine
            told.handle(event)
            explore(next, told)
            guard situation.troubles > 0 else { continue }
            // Before anything was done, and after it was done but nobody was told.
            for dead in [situation, next] where dead.troubles > 0 {
                var dead = dead
                dead.die()
                deaths.insert(machine.step)
                explore(dead, BatchMachine())
            }
        }
    }

    /// Whether all is done, and right, when there is no more trouble.
    private func comesToItsEnd(_ situation: Situation, _ machine: BatchMachine) -> Bool {
        var (situation, machine) = (situation, machine)
        for _ in 0..<40 where !situation.isDone {
            guard let event = situation.endings(machine).first, situation.carryOut(event) == nil else { return false }
            machine.handle(event)
        }
        return situation.isDone && situation.isRight
    }
}
