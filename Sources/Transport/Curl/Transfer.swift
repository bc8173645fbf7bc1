import CCurlShims

/// What one transfer takes in and gives out, reached by libcurl's callbacks on the thread that performs it.
final class Transfer {
    private let policy: AddressPolicy
    private let cancel: CancelFlag
    private let limit: Int
    private(set) var body: [UInt8] = []
    private(set) var headers = HeaderBlock()
    private(set) var dialogue = MailDialogue()
    private var upload: [UInt8] = []
    private var uploaded = 0
    /// An address was refused by the policy.
    private(set) var refusedAddress = false
    /// The answer's body was longer than its limit, and is cut there.
    private(set) var isCut = false
    /// In a place of its own, which stays the same while the handle is used.
    private let gate: UnsafeMutablePointer<assay_address_gate>

    /// `limit`: bytes of an answer's body that are kept.
    init(policy: AddressPolicy, limit: Int, cancel: CancelFlag) {
        self.policy = policy
        self.limit = limit
        self.cancel = cancel
        gate = .allocate(capacity: 1)
        gate.initialize(to: assay_address_gate())
    }

    deinit { gate.deallocate() }

    var isCancelled: Bool { cancel.isSet }

    /// Performs a handle whose other options are set; the callbacks are unhooked with the handle, which is to be let go after it.
    func perform(_ handle: CurlHandle, upload: [UInt8]? = nil, listening: Bool = false) -> CURLcode {
        let own = Unmanaged.passUnretained(self).toOpaque()
        handle.note(assay_curl_on_body(handle.pointer, takeBody, own))
        handle.note(assay_curl_on_progress(handle.pointer, checkProgress, own))
        if listening {
            handle.note(assay_curl_on_dialogue(handle.pointer, listen, own))
        } else {
            handle.note(assay_curl_on_header(handle.pointer, takeHeader, own))
        }
        if let upload {
            self.upload = upload
            handle.note(assay_curl_on_upload(handle.pointer, giveUpload, own))
        }
        gate.pointee = assay_address_gate(check: checkAddress, context: own)
        handle.note(assay_curl_gate(handle.pointer, gate))
        return withExtendedLifetime(self) { handle.perform() }
    }

    fileprivate func take(body bytes: UnsafeRawBufferPointer) -> Int {
        let room = limit - body.count
        body.append(contentsOf: bytes.prefix(room))
        guard bytes.count <= room else {
            isCut = true
            // Anything but the whole ends the transfer.
            return bytes.count &+ 1
        }
        return bytes.count
    }

    fileprivate func take(header bytes: UnsafeRawBufferPointer) -> Int {
        headers.take(bytes) ? bytes.count : bytes.count &+ 1
    }

    fileprivate func give(_ buffer: UnsafeMutableRawBufferPointer) -> Int {
        let part = upload[uploaded...].prefix(buffer.count)
        buffer.copyBytes(from: part)
        uploaded += part.count
        return part.count
    }

    fileprivate func allows(_ address: IPAddress?) -> Bool {
        if let address, policy.allows(address) { return true }
        refusedAddress = true
        return false
    }

    fileprivate func hear(_ kind: curl_infotype, _ bytes: UnsafeRawBufferPointer) {
        if kind == CURLINFO_HEADER_OUT { dialogue.sent(bytes) }
        if kind == CURLINFO_HEADER_IN { dialogue.received(bytes) }
    }

    fileprivate static func at(_ context: UnsafeMutableRawPointer) -> Transfer {
        Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    }
}

private let takeBody: @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
    bytes, size, count, context in
    guard let bytes, let context else { return 0 }
    return Transfer.at(context).take(body: UnsafeRawBufferPointer(start: bytes, count: size * count))
}

private let takeHeader: @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
    bytes, size, count, context in
    guard let bytes, let context else { return 0 }
    return Transfer.at(context).take(header: UnsafeRawBufferPointer(start: bytes, count: size * count))
}

private let giveUpload: @convention(c) (UnsafeMutablePointer<CChar>?, Int, Int, UnsafeMutableRawPointer?) -> Int = {
    buffer, size, count, context in
    guard let buffer, let context else { return 0 }
    return Transfer.at(context).give(UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
}

private let checkProgress:
    @convention(c) (UnsafeMutableRawPointer?, curl_off_t, curl_off_t, curl_off_t, curl_off_t) -> Int32 = {
        context, _, _, _, _ in
        guard let context else { return 1 }
        return Transfer.at(context).isCancelled ? 1 : 0
    }

private let listen:
    @convention(c) (
        UnsafeMutableRawPointer?, curl_infotype, UnsafeMutablePointer<CChar>?, Int, UnsafeMutableRawPointer?
    ) -> Int32 = { _, kind, bytes, count, context in
        if let bytes, let context {
            Transfer.at(context).hear(kind, UnsafeRawBufferPointer(start: bytes, count: count))
        }
        return 0
    }

private let checkAddress: @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<sockaddr>?, UInt32) -> Int32 = {
    context, address, length in
    guard let context, let address else { return 0 }
    let bytes = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16) { buffer in
        buffer.initialize(repeating: 0)
        return Array(buffer.prefix(Int(assay_address_bytes(address, length, buffer.baseAddress))))
    }
    return Transfer.at(context).allows(IPAddress(bytes)) ? 1 : 0
}
