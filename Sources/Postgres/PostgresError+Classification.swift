extension PostgresError {
    /// What can be done about a connection that broke. Services do it by themselves; who reads this sees a command that does not.
    static let adviceOnLoss = "do it again on a new connection, and where that fails too, see whether the server runs and what its log says"

    /// Whether the connection is gone, so that the next statement needs another one.
    package var isConnectionLost: Bool {
        switch code {
        case .connectionFailed, .connectionLost, .commitUnknown: return true
        default: break
        }
        switch sqlState {
        case .adminShutdown, .crashShutdown, .cannotConnectNow: return true
        default: return sqlState?.conditionClass == .connectionException
        }
    }

    /// Whether the same unit of work may succeed when it is run again from its start, on a new connection if ``isConnectionLost``.
    ///
    /// ``Code/commitUnknown`` is not among them: what was written must be read back first.
    package var isRetriable: Bool {
        if code == .commitUnknown { return false }
        if isConnectionLost { return !isRefusal }
        switch sqlState {
        case .lockNotAvailable, .tooManyConnections, .invalidStatementName: return true
        case .featureNotSupported: return message.hasPrefix("cached plan")
        default: return sqlState?.conditionClass == .transactionRollback
        }
    }

    /// Whether the server was reached and does not let this program in; trying again changes nothing.
    package var isRefusal: Bool {
        sqlState?.conditionClass == .invalidAuthorization || sqlState == .invalidCatalogName || sqlState == .insufficientPrivilege
    }
}

extension PostgresError: CustomStringConvertible {
    /// One line without values: what, where, and what to do.
    package var description: String {
        var text = code.description
        if let sqlState { text += " \(sqlState)" }
        if let statement { text += " in \(statement)" }
        text += ": \(safeMessage)"
        if let table { text += " (table \(schema.map { "\($0)." } ?? "")\(table)" + (column.map { ", column \($0)" } ?? "") + ")" }
        if let constraint { text += " (constraint \(constraint))" }
        if let advice { text += "; \(advice)" }
        return text
    }

    /// The server quotes malformed values at the end of messages of class 22 (`invalid input syntax for type integer: "…"`), so they end before that.
    private var safeMessage: Substring {
        guard sqlState?.conditionClass == .dataException, let quote = message.firstRange(of: ": \"") else { return message[...] }
        return message[..<quote.lowerBound]
    }
}

extension PostgresError: CustomDebugStringConvertible {
    /// Everything the server said. It may quote values: not for logs.
    package var debugDescription: String {
        var text = "PostgresError(\(code)"
        let parts: [(String, String?)] = [
            ("sqlState", sqlState?.rawValue), ("statement", statement), ("message", message), ("detail", detail), ("hint", hint), ("schema", schema),
            ("table", table), ("column", column), ("constraint", constraint), ("position", position.map(String.init)), ("context", context),
            ("advice", advice),
        ]
        for case (let name, let value?) in parts { text += ", \(name): \(value)" }
        return text + ")"
    }
}
