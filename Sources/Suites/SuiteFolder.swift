#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Finds the suites of a project.
enum SuiteFolder {
    private static let endings = [".yaml", ".yml", ".json"]

    /// Paths of all suite files in the folder and those below it, sorted; `nil` where there is no such folder.
    ///
    /// Hidden files and folders are left aside, as are links to folders.
    static func files(in folder: String) -> [String]? {
        guard let names = try? FileManager.default.subpathsOfDirectory(atPath: folder) else { return nil }
        let suites = names.filter { name in
            let isHidden = name.split(separator: "/").contains { $0.hasPrefix(".") }
            return !isHidden && endings.contains { name.lowercased().hasSuffix($0) }
        }
        return suites.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { Path.joined(folder, $0) }
    }
}
