import Diagnostics
import JSON

/// What `hindcast status` shows.
struct StatusReport {
    let sources: [SelectIngestProgress.Row]
    let projections: [SelectProjectionProgress.Row]
    /// Days since 2000-01-01.
    let segments: [Int16]
    let holes: [SelectHoles.Row]

    func lines(_ palette: Palette) -> [String] {
        var lines = [palette.bold("Sources")]
        var table = TextTable(
            ("ID", .right), ("TOPIC", .left), ("PARTITION", .right), ("NEXT", .right), ("LAG", .right), ("LAST EVENT", .left), ("OWNER", .left))
        for row in sources {
            table.add(
                "\(row.source)", row.topic + (row.isEnded ? " (ended)" : ""), "\(row.partition)", "\(row.nextOffset)", row.lag.map { "\($0)" } ?? "?",
                row.lastEventTime?.rfc3339 ?? "none", row.owner ?? "nobody")
        }
        lines += table.isEmpty ? ["none"] : table.lines(palette)
        lines += ["", palette.bold("Projections")]
        table = TextTable(
            ("PROJECTION", .left), ("GENERATION", .right), ("SOURCE", .right), ("NEXT", .right), ("LAG", .right), ("STATE", .left), ("OWNER", .left))
        for row in projections {
            let state = row.failure.map { "\(row.state): \(PrintableText.of($0))" } ?? row.state
            table.add(
                row.projection, "\(row.generation)", "\(row.source)", "\(row.nextOffset)", "\(row.lag)", state, row.owner ?? "nobody")
        }
        lines += table.isEmpty ? ["none"] : table.lines(palette)
        lines += ["", palette.bold("Log")]
        let days = segments.map { Self.date($0) }
        lines.append(days.isEmpty ? "no days" : "\(days.count) days, \(days[0]) to \(days[days.count - 1])")
        lines += ["", palette.bold("Holes")]
        table = TextTable(("SOURCE", .right), ("FIRST", .right), ("LAST", .right), ("REASON", .left), ("RECORDED", .left))
        for row in holes { table.add("\(row.source)", "\(row.firstOffset)", "\(row.lastOffset)", row.reason, row.recordedAt.rfc3339) }
        return lines + (table.isEmpty ? ["none"] : table.lines(palette))
    }

    func json() -> String {
        var writer = JSONWriter(layout: .pretty)
        writer.tree(
            .object([
                "sources": .array(
                    sources.map { row in
                        .object([
                            "source_id": .integer(row.source), "kind": .string(row.kind), "topic": .string(row.topic),
                            "partition": .integer(row.partition), "next_offset": .integer(row.nextOffset),
                            "end_offset": row.endOffset.map { .integer($0) } ?? .null, "lag": row.lag.map { .integer($0) } ?? .null,
                            "last_event_time": row.lastEventTime.map { .string($0.rfc3339) } ?? .null,
                            "owner": row.owner.map { .string($0) } ?? .null,
                            "ended": .bool(row.isEnded),
                        ])
                    }),
                "projections": .array(
                    projections.map { row in
                        .object([
                            "projection": .string(row.projection), "generation": .integer(row.generation), "source_id": .integer(row.source),
                            "next_offset": .integer(row.nextOffset), "lag": .integer(row.lag), "owner": row.owner.map { .string($0) } ?? .null,
                            "state": .string(row.state), "failure": row.failure.map { .string($0) } ?? .null,
                        ])
                    }),
                "days": .array(segments.map { .string(Self.date($0)) }),
                "holes": .array(
                    holes.map { row in
                        .object([
                            "source_id": .integer(row.source), "first_offset": .integer(row.firstOffset), "last_offset": .integer(row.lastOffset),
                            "reason": .string(row.reason), "recorded_at": .string(row.recordedAt.rfc3339),
                        ])
                    }),
            ]))
        writer.newline()
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private static func date(_ day: Int16) -> String { String(Timestamp(startOfDay: day).rfc3339.prefix(10)) }
}
