/// A mistake of the user's that shows only once files have been read: told without the usage of the command.
struct UserMistake: Error {
    let message: String

    init(_ message: String) { self.message = message }
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
