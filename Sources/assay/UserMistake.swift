/// A mistake of the user's that shows only once files have been read: told without the usage of the command.
struct UserMistake: Error {
    let message: String
    /// What to do about it.
    let hint: String?

    init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }
}

extension UserMistake {
    /// A path that leads nowhere.
    init(noFile path: String) {
        self.init(
            path.contains("://")
                ? "\"\(path)\" is not on this machine: copy the data here, or mount it"
                : "there is no file \"\(path)\"")
    }
}
