import Files
import HTTPTypes
import Hummingbird
import Intake
import Tables

/// How the records of a body are written, as its head says.
struct IngestFormat: Sendable, Equatable {
    let isDocument: Bool
    let packing: Compression

    init(_ headers: HTTPFields) throws {
        let type = headers[.contentType] ?? ""
        let parts = type.split(separator: ";", omittingEmptySubsequences: false).map { $0.trimmed.lowercased() }
        switch parts.first {
        case "application/x-ndjson", "application/ndjson", "application/jsonl", "application/x-jsonlines", "text/plain":
            isDocument = false
        case "application/json": isDocument = true
        default:
            throw Refusal(
                status: .unsupportedMediaType, code: "unsupported-type",
                message: type.isEmpty
                    ? "the request says no content type" : "\"\(type.prefix(100))\" is not understood",
                hint: "send application/x-ndjson or application/json", closesConnection: true)
        }
        for part in parts.dropFirst() where part.hasPrefix("charset=") {
            let charset = part.dropFirst("charset=".count).filter { $0 != "\"" }
            guard ["utf-8", "utf8", "us-ascii", "ascii"].contains(charset) else {
                throw Refusal(
                    status: .unsupportedMediaType, code: "unsupported-charset", message: "the text is not in UTF-8",
                    hint: "convert it, and say charset=utf-8", closesConnection: true)
            }
        }
        switch headers[.contentEncoding]?.trimmed.lowercased() ?? "identity" {
        case "identity", "": packing = .none
        case "gzip", "x-gzip": packing = .gzip
        case "zstd": packing = .zstd
        default:
            throw Refusal(
                status: .unsupportedMediaType, code: "unsupported-encoding",
                message: "the body is packed in a way that is not understood", hint: "pack it with gzip or zstd",
                closesConnection: true, headers: [.acceptEncoding: "gzip, zstd"])
        }
    }

    /// The text of a body, unpacked.
    func text(_ body: [UInt8], limits: SpoolLimits, _ place: InFlight.Place, _ server: ServerLimits) throws -> [UInt8] {
        guard packing != .none else { return body }
        let unpacked: [UInt8]?
        do throws(SourceError) {
            unpacked = try packing.unpack(body, upTo: limits.maximumRequestBytes, name: "the body")
        } catch {
            throw Refusal(status: .badRequest, code: "bad-encoding", message: error.message)
        }
        guard let unpacked else {
            throw Refusal(
                status: .contentTooLarge, code: "request-too-large",
                message: "the body has more than \(limits.maximumRequestBytes) bytes when it is unpacked",
                hint: "send it in several parts")
        }
        guard place.take(unpacked.count) else { throw BodyReader.noRoom(server) }
        return unpacked
    }
}

extension StringProtocol {
    /// Without the white space around it that HTTP allows.
    fileprivate var trimmed: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
