/// The words of a command line, as the parser of arguments wants them.
enum CommandLineText {
    /// Ties negative numbers to the options before them, as in `--threads=-1`: alone they would look like options, and the option as if it
    /// had no value.
    static func tyingNegativeNumbers(_ words: some Sequence<String>) -> [String] {
        var tied: [String] = []
        var isOver = false
        for word in words {
            if let option = tied.last, !isOver, isNegativeNumber(word), isOptionWithoutValue(option) {
                tied[tied.count - 1] = "\(option)=\(word)"
            } else {
                tied.append(word)
            }
            // What comes after are arguments.
            if word == "--" { isOver = true }
        }
        return tied
    }

    private static func isNegativeNumber(_ word: String) -> Bool {
        word.hasPrefix("-") && word.dropFirst().first.map { $0.isASCII && $0.isNumber } == true
    }

    private static func isOptionWithoutValue(_ word: String) -> Bool {
        word.hasPrefix("--") && word.count > 2 && !word.contains("=")
    }
}
