import Expectations

/// Keeps values that came from the environment out of messages.
///
/// What is wrong with an argument is said by whoever reads it, and says what was found. Where the environment put that
/// in, what is said up to `, got` stays and the text as written takes the place of the rest; a message of another shape
/// is withheld.
struct EnvironmentMask {
    private struct Filled {
        let name: String
        let mark: SourceMark
        let written: String
        /// As a message would show it.
        let value: String
    }

    private var filled: [Filled] = []

    init(_ arguments: Arguments, filled written: [SourceMark: String]) {
        guard !written.isEmpty else { return }
        for member in arguments.members { collect(member.value, name: member.name, written) }
    }

    private mutating func collect(_ argument: Argument, name: String, _ written: [SourceMark: String]) {
        switch argument.content {
        case .list(let items):
            for item in items { collect(item, name: name, written) }
        case .map(let members):
            for member in members { collect(member.value, name: name, written) }
        case .text(let text): note(argument, text, name, written)
        case .null, .boolean, .number, .float: note(argument, argument.found, name, written)
        }
    }

    private mutating func note(
        _ argument: Argument, _ value: String, _ name: String, _ written: [SourceMark: String]
    ) {
        guard let mark = argument.mark, let text = written[mark] else { return }
        filled.append(Filled(name: name, mark: mark, written: text, value: value))
    }

    /// The error, without anything of the environment in it.
    func masked(_ error: SuiteError) -> SuiteError {
        guard let source = filled.first(where: { isAbout($0, error) }) else { return error }
        let said = error.message.firstRange(of: ", got ").map { String(error.message[..<$0.lowerBound]) }
        let isSaidSafely = said.map { !$0.hasWord(source.value) } ?? false
        let message =
            isSaidSafely
            ? "\(said ?? ""), got \(quoted(source.written))"
            : "\(source.name) is not right with what the environment puts into \(quoted(source.written))"
        return SuiteError(
            code: error.code, message: message, location: source.mark,
            hint: "messages don't show what comes from the environment")
    }

    private func isAbout(_ filled: Filled, _ error: SuiteError) -> Bool {
        let said = error.message + " " + (error.hint ?? "")
        if said.hasWord(filled.value) { return true }
        guard let place = error.location, place.file == filled.mark.file, place.line == filled.mark.line else {
            return false
        }
        let length = max(filled.written.count, filled.value.count) + 1
        return (filled.mark.column...filled.mark.column + length).contains(place.column)
    }
}

extension String {
    /// Whether the text stands here and is no part of a longer word.
    fileprivate func hasWord(_ word: String) -> Bool {
        guard !word.isEmpty else { return false }
        func isPart(_ character: Character?) -> Bool { character.map { $0.isLetter || $0.isNumber } ?? false }
        return ranges(of: word).contains { range in
            let before = range.lowerBound == startIndex ? nil : self[index(before: range.lowerBound)]
            let after = range.upperBound == endIndex ? nil : self[range.upperBound]
            return !(isPart(before) && isPart(word.first)) && !(isPart(word.last) && isPart(after))
        }
    }
}
