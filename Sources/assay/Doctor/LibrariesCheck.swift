import Expressions
import Files
import Ledger
import Suites
import Tables
import Transport

extension DoctorCheck {
    /// Which libraries are there, and whether they can do what is needed of them.
    static let libraries = DoctorCheck(name: "libraries") { _ in
        ([.curl, .sqlite, .yaml, .patterns] + LinkedLibrary.compression).map { library in
            guard let lacks = library.lacks else { return .ok(library.name, library.version) }
            return .problem(
                library.name, "\(library.version) was built without \(lacks)", "install another build of it")
        }
    }
}
