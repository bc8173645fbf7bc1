import Foundation
import NIOSSL

/// What a server proves by who it is: a chain of certificates and its key, read from files and found to belong together.
///
/// Connections are made by TLS 1.2 or later. Files that change later change nothing here.
public struct ServerTLS: Sendable {
    let context: NIOSSLContext

    /// Reads a file of certificates in PEM, the server's own first, then those that vouch for it; and one with its key in PEM, without a password.
    ///
    /// Error: `bad-certificate`, whose place is the file.
    public init(certificate: String, key: String) throws(ServiceError) {
        let chain = try Self.certificates(certificate)
        let secret = try Self.key(key)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(secret))
        configuration.minimumTLSVersion = .tlsv12
        do {
            context = try NIOSSLContext(configuration: configuration)
        } catch {
            throw ServiceError(
                code: "bad-certificate", message: "the key is not the certificate's", place: key,
                hint: "the first certificate of \(certificate) is the server's own", cause: String(describing: error))
        }
    }

    private static func certificates(_ path: String) throws(ServiceError) -> [NIOSSLCertificate] {
        try checkReadable(path, what: "certificate")
        do {
            let chain = try NIOSSLCertificate.fromPEMFile(path)
            guard !chain.isEmpty else { throw NIOSSLError.failedToLoadCertificate }
            return chain
        } catch {
            throw ServiceError(
                code: "bad-certificate", message: "the file has no certificate that can be read", place: path,
                hint: "it is to be in PEM, from -----BEGIN CERTIFICATE----- on", cause: String(describing: error))
        }
    }

    private static func key(_ path: String) throws(ServiceError) -> NIOSSLPrivateKey {
        try checkReadable(path, what: "key")
        do {
            // Asked for a password, none is given: nobody sits before a service that starts.
            return try NIOSSLPrivateKey(file: path, format: .pem) { setter in setter([UInt8]()) }
        } catch {
            throw ServiceError(
                code: "bad-certificate", message: "the file has no key that can be read", place: path,
                hint: "it is to be in PEM and without a password", cause: String(describing: error))
        }
    }

    private static func checkReadable(_ path: String, what: String) throws(ServiceError) {
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw ServiceError(
                code: "bad-certificate", message: "the \(what)'s file is not there, or may not be read", place: path,
                hint: "let Assay's user read it")
        }
    }
}
