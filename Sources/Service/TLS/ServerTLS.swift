/// The files by which a server proves who it is.
public struct ServerTLS: Sendable, Hashable {
    /// A file of certificates in PEM: the server's own first, then those that vouch for it.
    public let certificate: String
    /// A file with the certificate's key in PEM, without a password.
    public let key: String

    public init(certificate: String, key: String) {
        self.certificate = certificate
        self.key = key
    }
}
