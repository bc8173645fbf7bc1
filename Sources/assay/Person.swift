import Foundation

/// Who does something: kept with what people ask for.
enum Person {
    /// The name that was given; else that of the user of the process.
    static func named(_ actor: String?) -> String {
        let environment = ProcessInfo.processInfo.environment
        return [actor, environment["USER"], environment["LOGNAME"]].compactMap(\.self).first { !$0.isEmpty }
            ?? "user \(getuid())"
    }
}
