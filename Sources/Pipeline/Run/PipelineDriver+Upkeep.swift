import Delta
import Foundation
import Suites
import Tables

/// What is done between batches, now and then: small files are put together, old batches are forgotten.
///
/// Nothing of it decides what becomes of a record; where it fails it is told, and tried again the next time.
extension PipelineDriver {
    private static let day: Int64 = 86_400_000_000

    /// Does what is due.
    func upkeep() {
        do throws(PipelineError) {
            if let every = definition.upkeep.optimizeEvery, try isDue(.optimize, every) {
                try state.note(.optimize, at: options.machineClock())
                optimize()
            }
            if try isDue(.forget, Self.day) {
                let before = options.machineClock().addingClamped(-definition.upkeep.retention)
                let mayBeMore = try state.forget(before: before) { !FileManager.default.fileExists(atPath: $0) }
                // The rest is for the next time, so that records never wait for long.
                if !mayBeMore { try state.note(.forget, at: options.machineClock()) }
            }
        } catch { options.report(.note("upkeep: \(error.summary)")) }
    }

    /// Whether it is time again; a clock that went back says so at once.
    private func isDue(_ upkeep: PipelineState.Upkeep, _ interval: Int64) throws(PipelineError) -> Bool {
        guard let last = try state.lastTime(of: upkeep) else { return true }
        let now = options.machineClock()
        return now < last || now - last >= interval
    }

    private func optimize() {
        let now = options.machineClock()
        for place in definition.places where DeltaTable.hasVersion(place.folder) && !mustStop {
            do throws(DeltaError) {
                let result = try DeltaTable(place.folder).tidy(now: now)
                if result.optimized.version != nil {
                    let (before, after) = (result.optimized.removedFiles, result.optimized.addedFiles)
                    options.report(.note("\(place.name): \(before) small files became \(after)"))
                }
                for failure in result.failures { options.report(.note("upkeep: \(failure.summary)")) }
            } catch { options.report(.note("upkeep: \(error.summary)")) }
        }
    }
}
