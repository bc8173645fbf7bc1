import Files
import Tables

extension SpoolFolder {
    typealias Answer = Result<SpoolReceipt, SpoolError>

    /// Takes requests with one synchronisation for all: those under a known key are told what became of the first one, the
    /// others are in together or refused together.
    mutating func commit(_ requests: [SpoolRequest], seconds: UInt32) -> [Answer] {
        var answers: [Answer?] = []
        var fresh: [Int] = []
        var grouped: Set<Hash128> = []
        for (index, request) in requests.enumerated() {
            if let key = request.key, let known = keys[key.hash] {
                answers.append(Self.repeated(request, key, known))
                continue
            }
            answers.append(nil)
            // Of those that came together under one key, the first is written.
            if let key = request.key, !grouped.insert(key.hash).inserted { continue }
            fresh.append(index)
        }
        if !fresh.isEmpty { write(fresh, of: requests, seconds: seconds, into: &answers) }
        return requests.indices.map { index in
            if let answer = answers[index] { return answer }
            guard let key = requests[index].key, let known = keys[key.hash] else {
                return .failure(lastFailure(answers, fresh))
            }
            return Self.repeated(requests[index], key, known)
        }
    }

    /// The group's own error, for a repetition within a group that was refused.
    private func lastFailure(_ answers: [Answer?], _ fresh: [Int]) -> SpoolError {
        for index in fresh { if case .failure(let error) = answers[index] { return error } }
        return .busy(path)
    }

    private static func repeated(_ request: SpoolRequest, _ key: RequestKey, _ known: RememberedKeys.Entry) -> Answer {
        let isSame =
            known.length == UInt64(request.byteCount)
            && known.fingerprint == LoggedRequest.fingerprint(of: request.bytes)
        guard isSame || !key.hasOneContent else { return .failure(.keyReused) }
        return .success(
            SpoolReceipt(
                segment: segmentName(known.segment), byteOffset: Int64(known.start), records: Int(known.records),
                isRepeated: true, differs: !isSame))
    }

    private mutating func write(
        _ fresh: [Int], of requests: [SpoolRequest], seconds: UInt32, into answers: inout [Answer?]
    ) {
        do throws(SpoolError) {
            let entries = try write(fresh.map { requests[$0] }, seconds: seconds)
            for (index, entry) in zip(fresh, entries) {
                answers[index] = .success(
                    SpoolReceipt(
                        segment: Self.segmentName(entry.segment), byteOffset: Int64(entry.start),
                        records: Int(entry.records), isRepeated: false))
            }
        } catch {
            for index in fresh { answers[index] = .failure(error) }
        }
    }

    /// Makes the requests' bytes durable, then their entries in the log: only then are they in.
    private mutating func write(_ requests: [SpoolRequest], seconds: UInt32) throws(SpoolError) -> [LoggedRequest] {
        if let open, open.byteCount >= limits.segmentBytes || open.requests >= limits.segmentRequests {
            sealOpenSegment()
        }
        var segment = if let open { open } else { try openSegment(seconds: seconds) }
        open = segment
        guard let durable = log?.count else { preconditionFailure("a segment is opened after its log") }
        var bytes: [UInt8] = []
        if requests.count > 1 { bytes.reserveCapacity(requests.reduce(0) { $0 + $1.byteCount }) }
        var entries: [LoggedRequest] = []
        entries.reserveCapacity(requests.count)
        var end = UInt64(segment.byteCount)
        for request in requests {
            if requests.count == 1 { bytes = request.bytes } else { bytes += request.bytes }
            let start = end
            end += UInt64(request.byteCount)
            entries.append(
                LoggedRequest(
                    segment: segment.number, records: UInt32(request.records), start: start, end: end,
                    fingerprint: LoggedRequest.fingerprint(of: request.bytes), durableBefore: UInt32(durable),
                    seconds: seconds, key: request.key?.hash))
        }
        do throws(OutputError) {
            try segment.file.put(bytes, at: segment.byteCount)
            try segment.file.sync()
            try log?.append(entries)
        } catch {
            // What is durable of it stays; the rest must not be taken for requests that are in.
            segment.file.truncate(to: segment.byteCount)
            sealOpenSegment()
            throw SpoolError(error)
        }
        segment.byteCount = Int64(end)
        segment.requests += requests.count
        open = segment
        for entry in entries {
            summary.note(entry)
            keys.remember(entry)
        }
        return entries
    }
}
