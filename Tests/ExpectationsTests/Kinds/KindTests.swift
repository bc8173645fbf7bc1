import Expectations
import Foundation
import Scan
import Tables
import Testing

@Suite struct KindTests {
    /// Rows at a time and threads: no verdict may hang on either.
    static let cuts = [(1, 1), (2, 2), (4_096, 1)]

    @Test(arguments: Catalogue.kinds.map(\.name))
    func givesTheVerdictsOfItsFixture(_ name: String) async throws {
        let fixture = try KindFixture(kind: try #require(Catalogue.kind(named: name)))
        #expect(fixture.cases.count >= 3, "a kind has cases for passing, for failing and for nothing to check")
        for test in fixture.cases {
            for (batchSize, threads) in Self.cuts {
                let verdict = await verdict(of: fixture.kind, test, batchSize: batchSize, threads: threads)
                guard !verdict.differences.isEmpty else { continue }
                Issue.record(
                    """
                    \(test.mark?.description ?? ""): \(test.name), \(batchSize) rows at a time: \
                    \(verdict.differences.joined(separator: "; "))
                    """)
                break
            }
        }
    }

    private func verdict(
        of kind: ExpectationKind, _ test: KindCase, batchSize: Int, threads: Int
    ) async -> KindVerdict {
        let table = test.table(batchSize: batchSize)
        do {
            let expectation = try Expectation(kind: kind, arguments: test.arguments)
            let context = TableContext(
                schema: table.schema, partitions: table.partitions, now: test.now,
                previousSchema: test.previous.map { .known($0) } ?? .none, history: table as? any VersionedSource)
            _ = try expectation.bound(to: context)
            let report = await Scanner(threads: threads).judge(
                [expectation], source: table, now: test.now, previousSchema: test.previous.map { .known($0) } ?? .none)
            guard let result = report.results.first else { return KindVerdict(error: "no result", test.gives) }
            return KindVerdict(result, test.gives)
        } catch let problems as SuiteProblems {
            let told = problems.errors.map { "\($0.message) [\($0.code)]" }
            return KindVerdict(error: told.joined(separator: "; "), test.gives)
        } catch let error as PlanError {
            return KindVerdict(error: "\(error.message) [\(error.code)]", test.gives)
        } catch {
            return KindVerdict(error: "\(error)", test.gives)
        }
    }
}

@Suite struct CatalogueTests {
    @Test func hasNoNameTwice() {
        #expect(Set(Catalogue.kinds.map(\.name)).count == Catalogue.kinds.count)
    }

    @Test func hasAFixtureForEachKindAndNoOther() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: KindFixture.folder.path)
            .filter { $0.hasSuffix(".yaml") }
        #expect(Set(files) == Set(Catalogue.kinds.map { "\($0.name).yaml" }))
    }

    /// `Column/ColumnMaxToBeBetween.swift` holds `expect_column_max_to_be_between`, and nothing else does.
    @Test func hasAFileForEachKindAndNoOther() throws {
        var names: [String] = []
        for folder in ["Column", "Table"] {
            let place = KindFixture.package.appending(path: "Sources/Expectations/\(folder)")
            for file in try FileManager.default.contentsOfDirectory(atPath: place.path) where file.hasSuffix(".swift") {
                let text = try String(contentsOf: place.appending(path: file), encoding: .utf8)
                let named = text.matches(of: /"(expect_[a-z_]+)"/).map { String($0.output.1) }
                #expect(named == [Self.name(ofFile: file)], "\(folder)/\(file)")
                names += named
            }
        }
        #expect(names.sorted() == Catalogue.kinds.map(\.name).sorted())
    }

    private static func name(ofFile file: String) -> String {
        "expect" + file.dropLast(".swift".count).map { $0.isUppercase ? "_\($0.lowercased())" : "\($0)" }.joined()
    }

    @Test(arguments: Catalogue.kinds.map(\.name)) func isFoundByItsName(_ name: String) {
        #expect(Catalogue.kind(named: name)?.name == name)
    }

    @Test func hasNoKindOfAnotherName() {
        #expect(Catalogue.kind(named: "expect_nothing") == nil)
    }

    @Test(arguments: Catalogue.kinds.map(\.name)) func tellsWhatItTakes(_ name: String) throws {
        let kind = try #require(Catalogue.kind(named: name))
        let names = kind.parameters.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.suffix(7) == ["severity", "on_empty", "on_missing_column", "id", "description", "notes", "meta"])
        #expect(names.contains("mostly") == kind.isRowLevel)
        #expect(kind.summary.last != "." && kind.details.last == ".")
    }
}
