public import Files
public import Tables

/// A data file that was written and is durable, but not in its place yet, and what will add it to the table.
///
/// A value with a JSON form: it can be stored, published and committed by another process.
public struct DataFile: Sendable, Equatable {
    public let add: AddFile
    public let file: PreparedFile

    public init(add: AddFile, file: PreparedFile) {
        self.add = add
        self.file = file
    }

    public init(json: JSON) throws(ActionError) {
        let reader = ActionReader(json, "file")
        guard let action = reader.value("action"), case .add(let add) = try Action(json: action) else {
            throw ActionError("file.action is no add")
        }
        self.add = add
        file = PreparedFile(path: try reader.string("path"), temporaryPath: try reader.string("temporaryPath"))
    }

    public var json: JSON {
        .object([
            .init("action", Action.add(add).json), .init("path", .string(file.path)),
            .init("temporaryPath", .string(file.temporaryPath)),
        ])
    }

    /// Gives the file its name; may be repeated, also after a crash.
    ///
    /// Nobody reads the file before its `add` is committed.
    public func publish() throws(DeltaError) {
        do throws(OutputError) { try file.publish() } catch { throw DeltaError(error) }
    }

    /// The same of many, with their folders synchronised together.
    public static func publish(_ files: [DataFile]) throws(DeltaError) {
        do throws(OutputError) { try PreparedFile.publish(files.map(\.file)) } catch { throw DeltaError(error) }
    }

    /// Removes a file that was not published.
    public func discard() { file.discard() }
}
