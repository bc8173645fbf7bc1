import ArgumentParser

/// How commands print what they list: as a table for people, or as JSON.
enum ListFormat: String, ExpressibleByArgument, CaseIterable {
    case table, json
}
