import CLibPQ

/// Owns one `PGresult`: freed once, when it goes out of scope.
@safe struct ResultHandle: ~Copyable {
    let pointer: OpaquePointer

    /// Takes a result over; `nil` stays `nil`.
    init?(_ pointer: OpaquePointer?) {
        guard let pointer = unsafe pointer else { return nil }
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe PQclear(pointer)
    }

    var status: ExecStatusType { unsafe PQresultStatus(pointer) }

    var isFailure: Bool {
        switch status {
        case PGRES_FATAL_ERROR, PGRES_BAD_RESPONSE, PGRES_NONFATAL_ERROR, PGRES_PIPELINE_ABORTED: true
        default: false
        }
    }

    /// Whether the server sent it. An error without a condition is libpq's own, and it makes one where a request could not be written to a server that had said
    /// farewell in a notice, as one does that is shut down at once: the connection's status stays good then until somebody reads on.
    var isOfServer: Bool { field("C") != nil }

    var rowCount: Int { unsafe Int(PQntuples(pointer)) }
    var columnCount: Int { unsafe Int(PQnfields(pointer)) }

    /// What the server did, `UPDATE 3` for example.
    var commandTag: String { unsafe PQcmdStatus(pointer).map { unsafe String(cString: $0) } ?? "" }

    /// How many rows a statement touched or returned; 0 where the server counts none.
    var affectedRows: Int { unsafe PQcmdTuples(pointer).flatMap { unsafe Int(String(cString: $0)) } ?? 0 }

    /// A field of an error or notice by its letter (PostgreSQL manual, section 55.8).
    func field(_ letter: Unicode.Scalar) -> String? {
        unsafe Self.field(letter, of: pointer)
    }

    /// The server's error in this result, as Swift's.
    func error(statement: String?, isConnectionLost: Bool) -> PostgresError {
        let message = field("M") ?? (unsafe String(cString: PQresultErrorMessage(pointer)).firstLine)
        var error = PostgresError(isConnectionLost ? .connectionLost : .server, message, statement: statement)
        error.sqlState = field("C").map(SQLState.init(rawValue:))
        error.constraint = field("n")
        error.schema = field("s")
        error.table = field("t")
        error.column = field("c")
        error.detail = field("D")
        error.hint = field("H")
        error.context = field("W")
        error.position = field("P").flatMap { Int($0) }
        error.advice = error.sqlState.flatMap(\.advice) ?? (isConnectionLost ? PostgresError.adviceOnLoss : nil)
        return error
    }

    static func field(_ letter: Unicode.Scalar, of result: OpaquePointer?) -> String? {
        unsafe PQresultErrorField(result, CInt(letter.value)).map { unsafe String(cString: $0) }
    }
}

extension String {
    /// libpq ends its messages with a line feed and may append more lines.
    var firstLine: String { String(prefix { !$0.isNewline }) }
}

extension SQLState {
    /// What an operator can do about the condition.
    var advice: String? {
        switch self {
        case .diskFull: "free space on the server's disk"
        case .insufficientPrivilege: "grant the privilege to the role, or connect as a member of the role that has it"
        case .undefinedTable, .invalidSchemaName: "check that the database was migrated"
        case .tooManyConnections: "raise the server's max_connections or lower the pool sizes"
        case .lockNotAvailable: "another session holds the lock; see pg_locks, or raise lock_timeout"
        case .queryCanceled: "raise statement_timeout if it was too short for the work"
        case .invalidPassword, .invalidAuthorization: "check the user, its password and the server's pg_hba.conf"
        case .invalidCatalogName: "create the database, or correct dbname"
        default: nil
        }
    }
}
