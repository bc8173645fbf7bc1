import Alerts
import ArgumentParser
import Foundation

struct AlertsAcknowledgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "acknowledge", abstract: "Says that somebody is on it: no more reminders.",
        discussion: "Those who were told of the incident are told so. New failures are told as ever.",
        aliases: ["ack"])

    @OptionGroup var options: AlertOptions
    @OptionGroup var end: AlertEnd

    func run() throws {
        try options.carryOut { desk, target, now, transaction in
            try desk.acknowledge(
                target, by: options.person, until: end.time(from: now), note: options.note, at: now, in: transaction)
        }
    }
}

struct AlertsSnoozeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snooze", abstract: "Tells nothing of it until a time.",
        discussion: "What still fails then is told once more. When all of it is over before, that is told at once.")

    @OptionGroup var options: AlertOptions
    @OptionGroup var end: AlertEnd

    func validate() throws {
        guard end.isGiven else { throw ValidationError("say how long: --for 2h, or --until 2026-12-24T08:00:00Z") }
    }

    func run() throws {
        try options.carryOut { desk, target, now, transaction in
            try desk.snooze(
                target, by: options.person, until: end.time(from: now) ?? now, note: options.note, at: now,
                in: transaction)
        }
    }
}

struct AlertsUnsnoozeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unsnooze", abstract: "Ends a snooze; what came meanwhile is told.")

    @OptionGroup var options: AlertOptions

    func run() throws {
        try options.carryOut { desk, target, now, transaction in
            try desk.unsnooze(target, by: options.person, note: options.note, at: now, in: transaction)
        }
    }
}
