import Foundation
import HummingbirdCore
import HummingbirdTLS
import NIOSSL

/// Connections by TLS 1.2 or later, made of files that were read and found to belong together.
struct SecureConnections: Sendable {
    private let configuration: TLSConfiguration

    /// Error: `bad-certificate`.
    init(_ tls: ServerTLS) throws(ServiceError) {
        let chain = try Self.certificates(tls.certificate)
        let key = try Self.key(tls.key)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        do {
            _ = try NIOSSLContext(configuration: configuration)
        } catch {
            throw ServiceError(
                code: "bad-certificate", message: "the key is not the certificate's", place: tls.key,
                hint: "the first certificate of \(tls.certificate) is the server's own",
                cause: String(describing: error))
        }
        self.configuration = configuration
    }

    /// A server that speaks HTTP/1.1 over them.
    func server(over connections: HTTP1Channel.Configuration) throws -> HTTPServerBuilder {
        try .tls(.http1(configuration: connections), tlsConfiguration: configuration)
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
