import Expectations
import Schedules
import Suites
import Tables

extension Project {
    /// What is wrong with it besides what keeps it from being read, sorted by place; `nil` where nothing is.
    var mistakes: SuiteProblems? {
        var errors: [SuiteError] = []
        func note(_ body: () throws(SuiteProblems) -> Void) {
            do { try body() } catch { errors += error.errors.filter { !errors.contains($0) } }
        }
        note { () throws(SuiteProblems) in _ = try ServiceEntrance(of: self, listen: nil) }
        // What only shows when a suite meets its asset.
        for validation in validations {
            guard let suite = suite(named: validation.suite), let asset = asset(named: validation.asset) else {
                continue
            }
            note { () throws(SuiteProblems) in _ = try Job(suite: suite, asset: asset, of: self) }
        }
        func place(_ error: SuiteError) -> (String, Int, Int) {
            error.location.map { ($0.file, $0.line, $0.column) } ?? ("", 0, 0)
        }
        return errors.isEmpty ? nil : SuiteProblems(errors.sorted { place($0) < place($1) })
    }

    /// What is no mistake, and may not be meant.
    ///
    /// A window that is over mutes nothing because of time alone, or because somebody wrote another year.
    var cautions: [String] {
        maintenance.compactMap { window in
            window.lastEnd(before: RunClock.system.microseconds).map { end in
                "the maintenance window of \(window.assets.joined(separator: ", ")) "
                    + "ended at \(CivilTime.format(microseconds: end)), and mutes nothing any more"
            }
        }
    }
}

extension AuthoritiesFile {
    /// A file that isn't there is no mistake in the project, which may be checked on another machine than it runs on.
    var caution: String? { complaint.map { "\(subject): \($0)" } }
}
