import Ledger

/// The addresses of pages: names in them are written so that nothing in a name is a path, a scheme or a query.
public enum SitePath {
    public static func run(_ id: String) -> String { "/runs/" + segment(id) }

    public static func report(_ name: String) -> String { "/reports/" + segment(name) }

    public static func asset(_ name: String) -> String { "/assets/" + segment(name) }

    public static func validation(suite: String, asset: String) -> String {
        "/validations/\(segment(suite))/\(segment(asset))"
    }

    static func alert(_ incident: String) -> String { "/alerts/" + segment(incident) }

    /// Where a pipeline is on the page of all of them.
    static func pipeline(_ name: String) -> String { "/pipelines#" + segment(name) }

    /// The page of what an incident is of: an asset, or a pipeline.
    static func subject(asset: String, suite: String) -> String {
        AlertSubject(asset: asset, suite: suite).pipeline.map { pipeline($0) } ?? Self.asset(asset)
    }

    public static func quarantine(_ pipeline: String) -> String { "/pipelines/\(segment(pipeline))/quarantine" }

    /// A part of a path: every byte but letters, digits, `-`, `_` and `.` as `%XX`.
    ///
    /// Browsers take `.` and `..` out of paths, however they are written: assets of such names have no pages.
    static func segment(_ name: String) -> String { RunIndex.link(name) }
}
