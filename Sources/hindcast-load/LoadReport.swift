import JSON

/// One line of JSON about digests per partition: the same form from the sender and from the log, so that a script compares them as they are.
enum LoadReport {
    static func print(_ members: [JSONTree.Member], partitions: [(topic: String, partition: Int32, count: Int64, lastOffset: Int64, digest: String)])
    {
        let rows = partitions.sorted { ($0.topic, $0.partition) < ($1.topic, $1.partition) }.map { row in
            JSONTree.object([
                "topic": .string(row.topic), "partition": .integer(Int(row.partition)), "count": .integer(Int(row.count)),
                "last_offset": .integer(Int(row.lastOffset)), "digest": .string(row.digest),
            ])
        }
        line(members + [JSONTree.Member(key: "partitions", value: .array(rows))])
    }

    /// Writes an object as one line.
    static func line(_ members: [JSONTree.Member]) {
        var writer = JSONWriter()
        writer.tree(.object(members))
        Swift.print(String(decoding: writer.bytes, as: UTF8.self))
    }

    /// A number with three digits behind the point.
    static func decimal(_ value: Double) -> JSONTree { .number(text: "\((value * 1000).rounded() / 1000)") }
}
