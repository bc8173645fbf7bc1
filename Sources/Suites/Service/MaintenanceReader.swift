import Expectations
import Schedules
import Tables

/// Reads the `maintenance` of a project file: times in which nobody is told of failures.
struct MaintenanceReader {
    /// Names of all assets that are written down, be they right or wrong.
    let assets: [String]
    /// By what names alerts know the pipelines.
    let pipelines: [String]

    private static let keys = ["assets", "from", "until", "cron", "for", "timezone", "reason"]

    func windows(_ node: YAMLNode, _ problems: inout Problems) -> [MaintenanceWindow] {
        guard let items = node.items else {
            problems.add("bad-value", "maintenance must be a list, got \(node.found)", at: node.mark)
            return []
        }
        return items.compactMap { item in problems.isFull ? nil : rule(item, &problems) }
    }

    private func rule(_ node: YAMLNode, _ problems: inout Problems) -> MaintenanceWindow? {
        guard let mapping = MappingReader(node, "a maintenance window", keys: Self.keys, problems: &problems) else {
            return nil
        }
        guard let list = mapping["assets"] else {
            problems.add(
                "missing-key", "a maintenance window needs assets", at: node.mark, hint: "write assets: [\"*\"] for all"
            )
            return nil
        }
        let zone = mapping["timezone"].flatMap { $0.zone("timezone", &problems) } ?? .utc
        let names = list.texts("assets", &problems) ?? []
        if list.items?.isEmpty == true {
            problems.add(
                "bad-value", "a maintenance window needs assets", at: list.mark, hint: "write assets: [\"*\"] for all")
        }
        let reason = mapping["reason"]?.line("reason", &problems)
        let span = mapping["cron"] == nil ? once(mapping, zone, &problems) : recurring(mapping, zone, &problems)
        for (name, item) in zip(names, list.items ?? [list]) { check(name, item, &problems) }
        guard let span else { return nil }
        do throws(ScheduleError) { return try MaintenanceWindow(span, assets: names, reason: reason) } catch {
            problems.add(error.code, error.message, at: node.mark, hint: error.hint)
            return nil
        }
    }

    /// A name is one of an asset's or a pipeline's, a pattern one that fits some; `*` fits whatever there will be.
    private func check(_ name: String, _ node: YAMLNode, _ problems: inout Problems) {
        let pattern = NamePattern(name)
        guard name != "*", !(assets + pipelines).contains(where: { pattern.matches($0) }) else { return }
        let nearest = node.isFilled ? nil : Suggestion.nearest(to: name, among: assets)
        problems.add(
            "unknown-asset",
            name.contains("*") ? "no asset's name fits \(node.quotedText)" : "there is no asset \(node.quotedText)",
            at: node.mark, hint: nearest.map { "did you mean \($0)?" })
    }

    private func once(
        _ mapping: MappingReader, _ zone: ScheduleZone, _ problems: inout Problems
    ) -> MaintenanceWindow.Span? {
        guard let first = mapping["from"], let last = mapping["until"] else {
            problems.add(
                "missing-key", "a maintenance window needs from and until, or cron and for", at: mapping.mark)
            return nil
        }
        if let entry = mapping.entry("for") {
            problems.add("bad-value", "for goes with cron; a window with from has until", at: entry.mark)
        }
        guard let from = first.instant("from", in: zone, &problems),
            let until = last.instant("until", in: zone, &problems)
        else { return nil }
        return .once(from: from, until: until)
    }

    private func recurring(
        _ mapping: MappingReader, _ zone: ScheduleZone, _ problems: inout Problems
    ) -> MaintenanceWindow.Span? {
        for key in ["from", "until"] {
            guard let entry = mapping.entry(key) else { continue }
            problems.add("bad-value", "\(key) doesn't go with cron", at: entry.mark)
        }
        guard let node = mapping["cron"], let text = node.text("cron", &problems),
            let cron = node.cron(text, "cron", &problems)
        else { return nil }
        guard let length = mapping["for"] else {
            problems.add("missing-key", "a maintenance window with cron needs for: how long it lasts", at: node.mark)
            return nil
        }
        guard let duration = length.duration("for", &problems) else { return nil }
        do throws(ScheduleError) {
            return .recurring(try Schedule(.cron(cron), zone: zone), length: duration)
        } catch {
            problems.add(error.code, error.message, at: node.mark, hint: error.hint)
            return nil
        }
    }
}

extension YAMLNode {
    /// A line of cron; what is wrong with it is a problem at its place.
    func cron(_ text: String, _ name: String, _ problems: inout Problems) -> Cron? {
        do throws(ScheduleError) { return try Cron(text) } catch {
            problems.add(
                error.code, "\(name): \(error.message)", at: isFilled ? mark : mark(ofText: error.offset ?? 0),
                hint: error.hint)
            return nil
        }
    }

    /// The place of a character of a text in one line; its quotes are before it.
    private func mark(ofText offset: Int) -> SourceMark {
        guard case .scalar(let scalar) = content else { return mark }
        return SourceMark(file: mark.file, line: mark.line, column: mark.column + offset + (scalar.isPlain ? 0 : 1))
    }

    /// A time zone; anything else is a problem.
    func zone(_ name: String, _ problems: inout Problems) -> ScheduleZone? {
        guard let text = text(name, &problems) else { return nil }
        do throws(ScheduleError) { return try ScheduleZone(text) } catch {
            problems.add(
                error.code, isFilled ? "there is no time zone \(quotedText)" : error.message, at: mark,
                hint: isFilled ? nil : error.hint)
            return nil
        }
    }

    /// A date and time, of the zone where it names none, as microseconds since 1970-01-01T00:00:00Z; anything else is a problem.
    func instant(_ name: String, in zone: ScheduleZone, _ problems: inout Problems) -> Int64? {
        guard var text = text(name, &problems) else { return nil }
        guard let reading = text.withUTF8({ CivilTime.parseTimestamp(UnsafeRawBufferPointer($0)) }) else {
            problems.add(
                "bad-value", "\(name) must be a date and time, got \(found)", at: mark,
                hint: "write it as in 2026-12-24T18:00")
            return nil
        }
        if let offset = reading.offset { return reading.local - Int64(offset) * CivilTime.microsecondsPerSecond }
        return zone.instant(ofLocal: reading.local)
    }
}
