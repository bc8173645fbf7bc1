import CCurlShims

/// One transfer of libcurl's: options are set, it is performed once, and let go.
///
/// Used by one thread. The first option that is refused is kept and becomes the result: libcurl refuses what it wasn't built with.
final class CurlHandle {
    let pointer: OpaqueHandle
    private var lists: [UnsafeMutablePointer<curl_slist>] = []
    private var refused: CURLcode = CURLE_OK
    private let errorText: UnsafeMutablePointer<CChar>

    typealias OpaqueHandle = UnsafeMutableRawPointer

    /// Once a process, before any thread uses the library.
    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// `nil` where there is no memory for it.
    init?() {
        guard Self.isReady, let pointer = curl_easy_init() else { return nil }
        self.pointer = pointer
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        note(assay_curl_set_pointer(pointer, CURLOPT_ERRORBUFFER, errorText))
        // Signals are the process's: none may be used for time-outs.
        set(CURLOPT_NOSIGNAL, 1)
    }

    deinit {
        curl_easy_cleanup(pointer)
        for list in lists { curl_slist_free_all(list) }
        errorText.deallocate()
    }

    func set(_ option: CURLoption, _ value: Int) { note(assay_curl_set_long(pointer, option, value)) }

    func set(_ option: CURLoption, _ value: String) { note(assay_curl_set_text(pointer, option, value)) }

    func set(_ option: CURLoption, _ items: [String]) {
        var list: UnsafeMutablePointer<curl_slist>?
        for item in items {
            guard let longer = curl_slist_append(list, item) else {
                curl_slist_free_all(list)
                return note(CURLE_OUT_OF_MEMORY)
            }
            list = longer
        }
        guard let list else { return }
        lists.append(list)
        note(assay_curl_set_list(pointer, option, list))
    }

    /// Sets one of the options that have a function of their own.
    func note(_ code: CURLcode) { if refused == CURLE_OK { refused = code } }

    /// Does it all, which takes as long as the time-outs allow.
    func perform() -> CURLcode { refused == CURLE_OK ? curl_easy_perform(pointer) : refused }

    func number(_ info: CURLINFO) -> Int {
        var value = 0
        return assay_curl_get_long(pointer, info, &value) == CURLE_OK ? value : 0
    }

    /// What the library says of an error, in its words; empty where it says nothing.
    var words: String {
        String(
            decoding: UnsafeBufferPointer(start: errorText, count: Int(CURL_ERROR_SIZE)).prefix { $0 != 0 }.map {
                UInt8(bitPattern: $0)
            }, as: UTF8.self)
    }

    /// What both protocols need: time-outs, and TLS, 1.2 or later, whose certificates are verified unless any are taken.
    func secure(_ limits: TransferLimits, certificateAuthorities: String?, takesAnyCertificate: Bool = false) {
        set(CURLOPT_CONNECTTIMEOUT_MS, limits.connect)
        set(CURLOPT_TIMEOUT_MS, limits.total)
        // The library has a limit of its own to each answer of a mail server, of a minute or two.
        set(CURLOPT_SERVER_RESPONSE_TIMEOUT, (limits.total + 999) / 1000)
        set(CURLOPT_SSL_VERIFYPEER, takesAnyCertificate ? 0 : 1)
        set(CURLOPT_SSL_VERIFYHOST, takesAnyCertificate ? 0 : 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let certificateAuthorities { set(CURLOPT_CAINFO, certificateAuthorities) }
        // A proxy would hide the address that is connected to, and the environment is no place to be told of one unasked.
        set(CURLOPT_PROXY, "")
    }
}

/// How long a transfer may take.
public struct TransferLimits: Sendable, Hashable {
    /// Milliseconds until the connection stands, TLS included, and until all is over.
    let connect: Int
    let total: Int

    /// At least a millisecond each; ten and thirty seconds by default.
    public init(connectSeconds: Double = 10, totalSeconds: Double = 30) {
        connect = Self.milliseconds(connectSeconds)
        total = Self.milliseconds(totalSeconds)
    }

    /// For a mail: two minutes until the server takes commands, twenty in all.
    ///
    /// A server may take ten minutes to say that it has a mail (RFC 5321, 4.5.3.2.6), and whoever hangs up before that has it twice.
    public static let mail = TransferLimits(connectSeconds: 120, totalSeconds: 1200)

    private static func milliseconds(_ seconds: Double) -> Int { Int(min(max(seconds * 1000, 1), 86_400_000)) }
}
