import Delta
import Suites
import Tables

/// Tidying up after a process that was killed.
extension PipelineDriver {
    /// Unfinished files of a table's log are another writer's until they are an hour old.
    private static let logPatience: Int64 = 3_600_000_000

    /// Removes what dead processes left in the tables' folders, under hidden names.
    ///
    /// Data files of this pipeline go unless the batch is prepared: those that its manifest names are to be published still, and there
    /// are no others, since a batch that is run again begins with this.
    func sweep(_ remembered: BatchMachine.Remembered) {
        for place in definition.places {
            if remembered == .planned || remembered == .held {
                Leftovers.sweepDataFiles(of: place.folder) { stem in
                    LayerTable.isStem(stem, of: definition.name)
                }
            }
            Leftovers.sweepLog(
                of: place.folder, untouchedSince: options.machineClock().addingClamped(-Self.logPatience))
        }
    }
}
