import Tables

@testable import Alerts

enum JSONText {
    static func message(_ text: String) -> AlertMessage? { JSON(text: text).flatMap { AlertMessage(json: $0) } }
}
