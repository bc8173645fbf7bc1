import Suites
import Tables
import Transport

/// A mail with the message as text and as HTML; those of one incident to a route make a thread.
///
/// Each recipient gets the same mail, with the same `Message-ID`, from which everybody sees who else was told.
struct EmailCarrier: Carrier {
    /// All recipients of the channel.
    let to: [String]
    /// Those of them whom this copy goes to.
    let copyTo: [String]
    let from: String
    let report: AlertChannel.MailedReport
    let reports: @Sendable (String) -> [UInt8]?
    /// Larger reports are linked instead: many servers refuse mails of more.
    private static let attachmentLimit = 8 << 20

    func parcels(for briefing: Briefing) -> [Parcel] {
        let sender = Mailbox(from)
        let recipients = to.map { Mailbox($0) }
        var header = header(briefing, sender: sender, recipients: recipients)
        header.add("MIME-Version", parts: ["1.0"])
        let content = Array(header.text.utf8) + body(briefing).bytes
        return [.mail(Mail(from: sender.address, to: copyTo.map { Mailbox($0).address }, content: content))]
    }

    private func header(_ briefing: Briefing, sender: Mailbox, recipients: [Mailbox]) -> MailHeader {
        let message = briefing.message
        var header = MailHeader()
        header.add("Date", parts: [MailDate.text(briefing.sentAt)])
        header.add("From", parts: MailHeader.mailbox(sender))
        let lists = recipients.enumerated().flatMap { index, recipient in
            var parts = MailHeader.mailbox(recipient)
            if index < recipients.count - 1 { parts[parts.count - 1] += "," }
            return parts
        }
        header.add("To", parts: lists)
        header.add("Subject", words: subject(briefing))
        header.add("Message-ID", parts: [Self.id(message, sender)])
        let root = Self.root(message, sender)
        header.add("In-Reply-To", parts: [root])
        header.add("References", parts: [root])
        header.add("List-Id", parts: ["<\(Self.label(message.route)).assay.\(sender.domain)>"])
        // Nobody's absence note is wanted.
        header.add("Auto-Submitted", parts: ["auto-generated"])
        header.add("X-Auto-Response-Suppress", parts: ["All"])
        return header
    }

    /// The first mail's headline, and of later ones the same behind what has happened.
    ///
    /// Mail programs part a thread where its subject changes; `[…]` before `Re:` is no change (RFC 5256, 2.1).
    private func subject(_ briefing: Briefing) -> String {
        briefing.opening.map { "[\(briefing.message.reason.rawValue)] Re: \($0)" } ?? briefing.headline
    }

    /// The same for the same message, so that a repetition is known as one.
    static func id(_ message: AlertMessage, _ sender: Mailbox) -> String {
        "<\(label(message.id)).assay@\(sender.domain)>"
    }

    /// What all mails of an incident to a route refer to, by which mail programs make a thread of them; no mail has it as its own.
    static func root(_ message: AlertMessage, _ sender: Mailbox) -> String {
        let thread = Hash128(message.thread)
        return "<\(label(message.incident)).1.\(String(thread.low, radix: 36))@\(sender.domain)>"
    }

    /// Letters, digits and hyphens of a name, at most 40.
    private static func label(_ name: String) -> String {
        let letters = name.utf8.prefix(40).map { byte -> Character in
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            return isPlain ? Character(Unicode.Scalar(byte)) : "-"
        }
        return letters.isEmpty ? "-" : String(letters)
    }

    private func body(_ briefing: Briefing) -> MIMEPart {
        let shown = report == .none ? briefing.withoutReport : briefing
        let words = EmailText(briefing: shown)
        // Quoted-printable never has a line that begins with `--` and goes on with `=_`; base 64 has neither.
        let boundary = "=_" + String(Hash128(briefing.key).low, radix: 36)
        let alternative = MIMEPart.multipart(
            "alternative", [.text("plain", words.plain), .text("html", words.html)], boundary: boundary + "a")
        guard report == .attach, let name = briefing.message.report, let bytes = reports(name),
            bytes.count <= Self.attachmentLimit
        else { return alternative }
        let attachment = MIMEPart.attachment(bytes, name: name, type: "text/html")
        return .multipart("mixed", [alternative, attachment], boundary: boundary + "m")
    }
}

/// Dates of mails (RFC 5322, 3.3), in UTC.
enum MailDate {
    private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    static func text(_ microseconds: Int64) -> String {
        let day = Int((Double(microseconds) / Double(CivilTime.microsecondsPerDay)).rounded(.down))
        let date = CivilTime.civil(days: day)
        // 1970-01-01 was a Thursday.
        let weekday = ((day + 3) % 7 + 7) % 7
        let clock = CivilTime.format(microseconds: microseconds).split(separator: "T").last.map { $0.prefix(8) } ?? ""
        return "\(days[weekday]), \(date.day) \(months[date.month - 1]) \(date.year) \(clock) +0000"
    }
}
