import Service
import Testing

struct BindAddressTests {
    @Test(arguments: [
        ("8080", "127.0.0.1", 8080), ("localhost:0", "localhost", 0), ("[::1]:80", "::1", 80),
        ("0.0.0.0:9", "0.0.0.0", 9),
    ])
    func reads(_ text: String, _ host: String, _ port: Int) {
        #expect(BindAddress(text) == BindAddress(host: host, port: port))
    }

    @Test(arguments: ["", ":80", "host", "host:", "host:65536", "::1:80", "host:-1"])
    func refuses(_ text: String) { #expect(BindAddress(text) == nil) }

    @Test(arguments: [
        ("0.0.0.0:80", "127.0.0.1:80"), ("[::]:80", "[::1]:80"), ("example.com:80", "example.com:80"),
    ])
    func isReachedFromHere(_ text: String, _ here: String) {
        #expect(BindAddress(text)?.text == text && BindAddress(text)?.fromHere.text == here)
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("localhost", true), ("::1", true), ("127.example.org", false), ("0.0.0.0", false),
    ])
    func knowsWhoCanReachIt(_ host: String, _ isLoopback: Bool) {
        #expect(BindAddress(host: host, port: 1).isLoopback == isLoopback)
    }
}
