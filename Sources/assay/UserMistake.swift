/// A mistake of the user's that shows only once files have been read: told without the usage of the command.
struct UserMistake: Error {
    let message: String

    init(_ message: String) { self.message = message }
}
