import Reports
import Suites

extension ValueRules {
    /// As a project says it.
    init(_ project: Project) {
        let personal = project.assets.map { ($0.name, project.personalColumns(of: $0)) }.filter { !$1.isEmpty }
        self.init(
            ValueDisplay(rawValue: project.reportedValues.rawValue) ?? .masked,
            personalColumns: Dictionary(personal) { $0.union($1) })
    }
}
