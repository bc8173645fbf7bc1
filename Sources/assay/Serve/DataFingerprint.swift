import Delta
import Formats
import Foundation
import Statistics
import Suites
import Tables

/// What an asset's data looks like from outside: a text that differs where the data has changed.
enum DataFingerprint {
    /// Of files their names, sizes and times of change; of a table its version; of neither that there is nothing.
    ///
    /// `nil` where it can't be told now.
    ///
    /// Costs a look at each file, or at a table's log; no data is read.
    static func text(of asset: Asset) -> String? {
        switch DataPlace(asset) {
        case .files(let patterns, let format):
            do throws(SourceError) {
                let paths = try FilePattern.files(patterns, format: format)
                return Hash128(paths.map(line).joined(separator: "\u{1E}")).hexadecimal
            } catch { return error.code == "not-found" ? nothing : nil }
        case .delta(let folder, let version):
            do throws(DeltaError) {
                return "version \(try DeltaTable(folder).snapshot(version).version)"
            } catch { return [.notATable, .notFound].contains(error.code) ? nothing : nil }
        }
    }

    /// That what is to be there isn't.
    private static let nothing = "nothing"

    private static func line(_ path: String) -> String {
        var status = stat()
        guard stat(path, &status) == 0 else { return "\(path)\u{1F}-" }
        let time = "\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
        return "\(path)\u{1F}\(status.st_size)\u{1F}\(time)\u{1F}\(status.st_ino)"
    }
}
