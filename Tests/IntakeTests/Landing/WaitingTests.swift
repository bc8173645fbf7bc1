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
            folder = LandingFolder(LandingOptions(folder: scratch.directory, settle: .seconds(10)))
            _ = try folder.discover(now: Clock.now)
        }

        @Test func endsWhenAFileLands() throws {
            try scratch.file("x\n", "a.csv")
            #expect(folder.wait(atMost: .seconds(3_600)) == .happened)
        }

        /// Who writes on and on wakes nobody.
        @Test func goesOnWhileAFileIsWrittenTo() throws {
            let descriptor = open(scratch.path("a.csv"), O_WRONLY | O_CREAT, 0o644)
            defer { close(descriptor) }
            #expect(folder.wait(atMost: .seconds(3_600)) == .happened)
            // It has happened until somebody looks.
            #expect(folder.wait(atMost: .seconds(3_600)) == .happened)
            _ = try folder.discover(now: Clock.now)
            #expect(write(descriptor, "x\n", 2) == 2)
            #expect(folder.wait(atMost: .milliseconds(1)) == .elapsed)
            #expect(try folder.discover(now: Clock.now + 30 * Clock.second).waitingCount == 1)
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
            var options = LandingOptions(folder: scratch.path("none"), settle: .zero)
            options.pollInterval = .milliseconds(1)
            #expect(LandingFolder(options).wait(atMost: .seconds(3_600)) == .elapsed)
        }
    }
#endif
