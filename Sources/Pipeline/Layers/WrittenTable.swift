import Delta
import Foundation
import Suites
import Tables

/// A table that a pipeline's state knows of rows in.
struct WrittenTable: Sendable, Equatable {
    /// The newest batch that brought it some.
    let lastBatch: Int
    /// Where it lay then; `nil` where nobody noted it.
    let folder: String?

    /// A folder by its absolute path, so that it is the same however it is written and wherever a process was started.
    static func plain(_ folder: String) -> String { URL(fileURLWithPath: folder).standardizedFileURL.path }

    /// Sees that what is called the table now is the same one.
    ///
    /// `header` is that of the folder's table; `nil` where there is none. Error: `table-lost`.
    func check(_ layer: LayerTable, _ header: Snapshot?, pipeline: String) throws(PipelineError) {
        guard header?.transactions[layer.applicationID(pipeline)] == nil else { return }
        let now = Self.plain(layer.place.folder)
        if let folder, folder != now {
            throw PipelineError(
                .tableLost,
                "the pipeline wrote \(layer.name) to \(folder) until batch \(lastBatch), and this is another table",
                place: layer.place.folder,
                hint:
                    "name that one again; or, where it is to lie here, move its folder while nothing runs the pipeline")
        }
        guard header == nil else { return }
        throw PipelineError(
            .tableLost, "the table is gone, and the pipeline's state knows of rows in it", place: layer.place.folder,
            hint: "restore it; or, to read everything again, remove the folder of state and the other tables as well")
    }

    /// Sees that a table which the pipeline never brought rows is no other pipeline's, and no other layer's.
    ///
    /// `state` is the pipeline's folder. Error: `state-lost`.
    static func checkFree(
        _ header: Snapshot, of layer: LayerTable, pipeline: String, state: String
    ) throws(PipelineError) {
        let own = layer.applicationID(pipeline)
        let writers = header.transactions.keys.filter { $0 != own }.sorted().compactMap { LayerTable.writer(of: $0) }
        guard let other = writers.first, header.transactions[own] == nil else { return }
        let folder = URL(fileURLWithPath: state).lastPathComponent
        throw PipelineError(
            .stateLost,
            other.pipeline == pipeline
                ? "the table is the pipeline's \(other.layer), and \(layer.name) is to be written there"
                : "the pipeline \"\(other.pipeline)\" wrote the table, and \"\(pipeline)\" never did: it would read everything again",
            place: layer.place.folder,
            hint: other.pipeline == pipeline || folder != pipeline
                ? "name another table"
                : "where \"\(other.pipeline)\" got another name, give its folder of state that name, too: \(state); "
                    + "or call it \"\(other.pipeline)\" again; else name another table")
    }
}
