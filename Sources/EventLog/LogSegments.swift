package import Postgres

/// The daily leaves of the log: made ahead of need, so that no append ever waits for one.
package struct LogSegments: Sendable {
    private var made: Set<Int16> = []

    package init() {}

    /// Makes sure that the leaves of a day and of the day after it are there. Cheap when they are known to be.
    package mutating func ensure(_ day: Int16, on connection: inout Connection) throws(PostgresError) {
        for segment in [day, day == .max ? day : day + 1] where !made.contains(segment) {
            try connection.execute(MakeSegment(segment: segment))
            made.insert(segment)
        }
    }

    /// The days that have a leaf, oldest first.
    package static func all(on connection: inout Connection) throws(PostgresError) -> [Int16] {
        try connection.query(SelectSegments())
    }
}

private struct MakeSegment: Statement {
    let segment: Int16

    static let sql = "SELECT hindcast.make_segment($1)"

    func bind(to parameters: inout Parameters) { parameters.append(segment) }
}

private struct SelectSegments: Statement {
    static let sql = "SELECT segment FROM hindcast.segment WHERE dropped_at IS NULL ORDER BY segment"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int16 { try row.int16(0) }
}
