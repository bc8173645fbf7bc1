import Foundation
import Tables
import Testing

/// What is said in place of a page that can't be shown.
@Suite struct RefusedPageTests {
    private static let browser = ["Accept: text/html,application/xhtml+xml,*/*;q=0.8"]

    @Test(arguments: [
        ("/runs/nosuch", "There is no run of this id"), ("/reports/nosuch.html", "There is no report of this name"),
        ("/nosuch", "There is nothing at this address"), ("/assets/nosuch", "No suite was ever run on this asset"),
        ("/pipelines/nosuch/quarantine", "There is no pipeline of this name"),
    ])
    func peopleGetAPageAndProgramsADocument(_ path: String, _ headline: String) async throws {
        let server = try await DeskServer()
        let page = try await server.ask(path, fields: Self.browser)
        #expect(page.status == 404 && page.field("Content-Type") == "text/html; charset=utf-8")
        #expect(page.body.contains("<h1>\(headline)</h1>") && page.body.contains("<a href=\"/runs\""))
        #expect(page.field("Content-Security-Policy")?.contains("form-action 'none'") == true)
        #expect(try await server.ask(path).json["error"] != nil)
        #expect(try await server.ask("/api/v1" + path, fields: Self.browser).json["error"] != nil)
        try await server.stop()
    }

    @Test func aMistakenAddressIsExplained() async throws {
        let server = try await DeskServer()
        let page = try await server.ask("/runs?outcom=failed", fields: Self.browser)
        #expect(page.status == 400 && page.body.contains("did you mean &quot;outcome&quot;?"), "\(page.body)")
        try await server.stop()
    }

    @Test func whoGivesNoPasswordIsToldThatOneIsWanted() async throws {
        let server = try await DeskServer(tokens: true)
        let page = try await server.ask("/", fields: Self.browser)
        #expect(page.status == 401 && page.field("WWW-Authenticate")?.hasPrefix("Basic") == true)
        #expect(page.body.contains("<h1>A token is wanted</h1>"))
        try await server.stop()
    }
}
