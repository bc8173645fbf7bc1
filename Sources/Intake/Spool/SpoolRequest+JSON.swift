import Formats
public import Tables

extension SpoolRequest {
    /// Takes the elements of an array, or the one object that the text is, each as a line.
    ///
    /// A damaged text is refused as a whole, with the place: where its records end can't be told.
    public init(json text: [UInt8], key: RequestKey? = nil, limits: SpoolLimits) throws(SpoolError) {
        let lines: JSONDocument.Lines
        do throws(JSONDocument.Mistake) {
            lines = try JSONDocument.lines(of: text)
        } catch {
            throw SpoolError(
                code: "bad-json", message: error.message, byteOffset: error.byteOffset,
                hint: "lines of JSON have the content type application/x-ndjson")
        }
        guard lines.longest.bytes <= limits.maximumRecordBytes else {
            throw Self.recordTooLong(at: lines.longest.byteOffset, limits)
        }
        self.init(madeLines: lines.bytes, records: lines.count, key: key)
    }

    /// The same records, each object of them with one more member at its end; what is no object stays as it is, and so does an object
    /// that has a member of that name: a record is what its sender made it.
    public func adding(_ member: JSON.Member, limits: SpoolLimits) throws(SpoolError) -> SpoolRequest {
        var made: [UInt8] = []
        made.reserveCapacity(2 * bytes.count)
        for line in bytes.split(separator: 0x0A) {
            let line = Array(line)
            made += JSONDocument.object(line, adding: member) ?? line
            made.append(0x0A)
        }
        return try SpoolRequest(lines: made, key: key, limits: limits)
    }
}
