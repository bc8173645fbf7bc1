import Delta
import Formats
import Foundation
import Suites
import Tables

extension DoctorCheck {
    /// Whether there is data where assets say that it is; none of it is read.
    static let assets = DoctorCheck(name: "assets") { subject in
        guard let project = subject.project else { return [] }
        let written = Set(project.pipelines.flatMap { $0.places.map(\.name) })
        return project.assets.map { asset in
            let absent: (String, String?) -> DoctorFinding = { message, advice in
                // A table that a pipeline is yet to write is no loss.
                written.contains(asset.name)
                    ? .ok(asset.name, "\(message): its pipeline makes it") : .problem(asset.name, message, advice)
            }
            switch DataPlace(asset) {
            case .delta(let folder, _):
                return DeltaTable.isTable(folder)
                    ? .ok(asset.name, "a table at \(folder)")
                    : absent("there is no Delta table at \(folder)", "mend the path, or wait for whoever writes it")
            case .files(let patterns, let format):
                do throws(SourceError) {
                    let files = try FilePattern.files(patterns, format: format)
                    return files.isEmpty
                        ? absent("no file matches \(patterns.joined(separator: ", "))", "mend the path")
                        : .ok(asset.name, files.count == 1 ? "1 file" : "\(files.count) files")
                } catch {
                    return absent(error.message, error.hint)
                }
            }
        }
    }
}
