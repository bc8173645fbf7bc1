/// What a mail server said to each step, as far as it decides what becomes of a mail.
///
/// Of commands only the verb is kept: what follows it may be a password.
struct MailDialogue: Equatable {
    enum Step: Equatable {
        case greeting, login, sender, recipient, content, other
    }

    struct Refusal: Equatable {
        let step: Step
        let code: Int
    }

    private(set) var step = Step.greeting
    /// The latest step that was refused, and the code it was refused with.
    private(set) var refusal: Refusal?
    /// One a recipient that was asked for, in their order.
    private(set) var recipientCodes: [Int] = []
    /// The body's end was acknowledged.
    private(set) var isTaken = false

    mutating func sent(_ line: UnsafeRawBufferPointer) {
        let verb = String(decoding: line.prefix(4), as: UTF8.self).uppercased()
        step =
            switch verb {
            case "MAIL": .sender
            case "RCPT": .recipient
            case "DATA": .content
            case "AUTH": .login
            // The rest of a login follows in lines without a verb.
            case _ where step == .login && !["QUIT", "RSET", "EHLO", "HELO"].contains(verb): .login
            default: .other
            }
    }

    mutating func received(_ line: UnsafeRawBufferPointer) {
        let digits = line.prefix(3)
        // A hyphen behind the code: more lines follow.
        guard digits.count == 3, digits.allSatisfy({ (0x30...0x39).contains($0) }),
            line.count < 4 || line[3] != UInt8(ascii: "-")
        else { return }
        let code = digits.reduce(0) { $0 * 10 + Int($1) - 0x30 }
        if code >= 400 { refusal = Refusal(step: step, code: code) }
        if step == .recipient { recipientCodes.append(code) }
        if step == .content, (200..<300).contains(code) { isTaken = true }
    }
}
