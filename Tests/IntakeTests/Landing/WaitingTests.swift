import TestSupport

#if os(Linux)
    import Foundation
    import Intake
    import Tables
    import Testing

    /// What ends a wait; none of these waits until its time is over.
    @Suite struct WaitingTests {
        private let scratch: Scratch
        private let folder: LandingFolder

        init() throws {
            scratch = try Scratch()
            folder = LandingFolder(LandingOptions(folder: scratch.directory))
            _ = try folder.discover(now: Clock.now)
        }

        @Test func endsWhenAFileLands() throws {
            try scratch.file("x\n", "a.csv")
            #expect(folder.wait(atMost: .seconds(3_600)) == .happened)
        }

        @Test func endsWhenSomebodyWakes() async {
            folder.wake()
            #expect(folder.wait(atMost: .seconds(3_600)) == .woken)
            let waker = Thread { [folder] in folder.wake() }
            waker.start()
            #expect(folder.wait(atMost: .seconds(3_600)) == .woken)
        }

        @Test func endsWhenTheTimeIsOver() {
            #expect(folder.wait(atMost: .milliseconds(1)) == .elapsed)
            #expect(folder.wait(atMost: .zero) == .elapsed)
            #expect(folder.wait(atMost: .seconds(-1)) == .elapsed)
        }

        @Test func pollsWhereNobodyTells() throws {
            var options = LandingOptions(folder: scratch.path("none"))
            options.pollInterval = .milliseconds(1)
            #expect(LandingFolder(options).wait(atMost: .seconds(3_600)) == .elapsed)
        }
    }
#endif
