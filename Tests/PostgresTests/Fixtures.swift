import Logging
import Postgres

/// Where log lines of tests go that nobody looks at.
let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A table with a constraint to violate.
let readingTable = """
    CREATE TABLE reading (
        id int8 NOT NULL CONSTRAINT reading_id_key PRIMARY KEY, label text, body bytea, size int4 CONSTRAINT reading_size_check CHECK (size >= 0),
        small int2, ratio float8, at timestamptz, good bool)
    """

/// Counts the rows of the table.
struct CountReadings: Statement {
    static let sql = "SELECT count(*) FROM reading"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 {
        try row.int64(0)
    }
}

/// Adds a row.
struct InsertReading: Statement {
    static let sql = "INSERT INTO reading (id) VALUES ($1)"
    var id: Int64

    func bind(to parameters: inout Parameters) {
        parameters.append(id)
    }
}

/// Numbers from 1.
struct Series: Statement {
    static let sql = "SELECT generate_series(1, $1) AS n"
    var count: Int64

    func bind(to parameters: inout Parameters) {
        parameters.append(count)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Int64 {
        try row.int64(0)
    }
}

/// Keeps the server busy for as many seconds.
struct Sleep: Statement {
    static let sql = "SELECT 1 FROM (SELECT pg_sleep($1)) AS slept"
    var seconds: Double

    func bind(to parameters: inout Parameters) {
        parameters.append(seconds)
    }
}

/// Ends another session.
struct TerminateBackend: Statement {
    static let sql = "SELECT pg_terminate_backend($1, 10000)"
    var pid: Int32

    func bind(to parameters: inout Parameters) {
        parameters.append(pid)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Bool {
        try row.bool(0)
    }
}

/// An error type of a caller.
struct CallerError: PostgresFailure, Hashable {
    var reason: String
    var database: PostgresError?

    init(_ reason: String) {
        self.reason = reason
    }

    init(_ error: PostgresError) {
        reason = "database"
        database = error
    }
}
