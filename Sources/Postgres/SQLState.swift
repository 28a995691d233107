/// A five-character condition code of the server (SQL:2016 part 2, clause 24; PostgreSQL appendix A). Open: codes without a name here are kept as
/// they came.
package struct SQLState: RawRepresentable, Hashable, Sendable {
    /// The five characters.
    package let rawValue: String

    /// The condition with this code.
    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    private init(_ code: String) {
        rawValue = code
    }

    /// The kind of condition, the first two characters.
    package var conditionClass: Class { Class(rawValue: String(rawValue.prefix(2))) }

    /// Lets a `catch` or a `switch` name a condition where the error's may be absent.
    package static func ~= (pattern: SQLState, value: SQLState?) -> Bool {
        pattern == value
    }
}

extension SQLState {
    /// 40001: two transactions cannot both have happened; run this one again.
    package static let serializationFailure = SQLState("40001")
    /// 40P01: this transaction was chosen to break a deadlock; run it again.
    package static let deadlockDetected = SQLState("40P01")
    /// 23502: a column that must have a value got none.
    package static let notNullViolation = SQLState("23502")
    /// 23503: a row refers to one that is not there.
    package static let foreignKeyViolation = SQLState("23503")
    /// 23505: the key is there already.
    package static let uniqueViolation = SQLState("23505")
    /// 23514: a row does not meet a check.
    package static let checkViolation = SQLState("23514")
    /// 42501: the role lacks a privilege.
    package static let insufficientPrivilege = SQLState("42501")
    /// 42P01: there is no such table.
    package static let undefinedTable = SQLState("42P01")
    /// 3F000: there is no such schema.
    package static let invalidSchemaName = SQLState("3F000")
    /// 42704: there is no such object, a role for example.
    package static let undefinedObject = SQLState("42704")
    /// 42P04: the database is there already.
    package static let duplicateDatabase = SQLState("42P04")
    /// 42P07: the table is there already.
    package static let duplicateTable = SQLState("42P07")
    /// 57014: cancelled on request or by `statement_timeout`.
    package static let queryCanceled = SQLState("57014")
    /// 55P03: a lock was not free within `lock_timeout`.
    package static let lockNotAvailable = SQLState("55P03")
    /// 55000: the object is not in the state that the statement needs.
    package static let objectNotInPrerequisiteState = SQLState("55000")
    /// 57P01: an administrator ended the session or the server.
    package static let adminShutdown = SQLState("57P01")
    /// 57P02: another session crashed and took this one along.
    package static let crashShutdown = SQLState("57P02")
    /// 57P03: the server is starting, stopping or recovering.
    package static let cannotConnectNow = SQLState("57P03")
    /// 53100: the server's disk is full.
    package static let diskFull = SQLState("53100")
    /// 53300: the server has no connection slot left.
    package static let tooManyConnections = SQLState("53300")
    /// 3D000: there is no such database.
    package static let invalidCatalogName = SQLState("3D000")
    /// 28000: the server does not let this role in.
    package static let invalidAuthorization = SQLState("28000")
    /// 28P01: the password is wrong.
    package static let invalidPassword = SQLState("28P01")
    /// 26000: the prepared statement is gone, as behind a pooler in transaction mode.
    package static let invalidStatementName = SQLState("26000")
    /// 0A000: the server does not do this; also a prepared statement whose columns changed.
    package static let featureNotSupported = SQLState("0A000")
    /// 25P02: the transaction failed earlier and takes no more statements.
    package static let inFailedTransaction = SQLState("25P02")
}

extension SQLState {
    /// The first two characters of a code: what kind of condition it is.
    package struct Class: RawRepresentable, Hashable, Sendable {
        /// The two characters.
        package let rawValue: String

        /// The class with this prefix.
        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// 08: the connection could not be made or broke.
        package static let connectionException = Class(rawValue: "08")
        /// 22: a value is out of range or malformed.
        package static let dataException = Class(rawValue: "22")
        /// 23: a constraint is violated.
        package static let integrityConstraintViolation = Class(rawValue: "23")
        /// 28: the role is not let in.
        package static let invalidAuthorization = Class(rawValue: "28")
        /// 40: the transaction was rolled back and may be run again.
        package static let transactionRollback = Class(rawValue: "40")
        /// 53: the server lacks memory, disk or connections.
        package static let insufficientResources = Class(rawValue: "53")
        /// 57: somebody intervened.
        package static let operatorIntervention = Class(rawValue: "57")
        /// 58: the server's operating system failed it.
        package static let systemError = Class(rawValue: "58")
    }
}

extension SQLState: CustomStringConvertible {
    /// The five characters.
    package var description: String { rawValue }
}
