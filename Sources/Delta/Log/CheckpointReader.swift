import Tables

enum CheckpointReader {
    static func read(_ checkpoint: LogListing.Checkpoint, table: String, into replay: inout Replay) throws(DeltaError) {}
}
