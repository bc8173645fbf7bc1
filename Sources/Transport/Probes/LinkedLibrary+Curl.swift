import CCurlShims
public import Tables

extension LinkedLibrary {
    /// What sends requests and mails, with the library that secures its connections.
    public static var curl: LinkedLibrary {
        guard let info = curl_version_info(CURLVERSION_FIRST)?.pointee, let version = info.version else {
            return LinkedLibrary(name: "libcurl", version: "unknown", lacks: "a version")
        }
        let security = info.ssl_version.map { String(cString: $0) } ?? ""
        var lacks: [String] = security.isEmpty ? ["TLS"] : []
        var known: Set<String> = []
        var next = info.protocols
        while let name = next?.pointee {
            known.insert(String(cString: name))
            next = next?.successor()
        }
        lacks += ["https", "smtp", "smtps"].filter { !known.contains($0) }
        return LinkedLibrary(
            name: "libcurl", version: String(cString: version) + (security.isEmpty ? "" : " with \(security)"),
            lacks: lacks.isEmpty ? nil : lacks.joined(separator: ", "))
    }
}
