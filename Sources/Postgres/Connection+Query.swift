import CLibPQ

extension Connection {
    /// Runs a statement and reads all its rows.
    package mutating func query<S: Statement>(_ statement: S) throws(PostgresError) -> [S.Row] {
        let result = try run(statement)
        return try Self.rows(of: S.self, in: result)
    }

    /// Runs a statement and reads its row; `nil` when there is none.
    ///
    /// - Throws: ``PostgresError/Code/tooManyRows`` when there are several.
    package mutating func queryOne<S: Statement>(_ statement: S) throws(PostgresError) -> S.Row? {
        let rows = try query(statement)
        guard rows.count <= 1 else { throw PostgresError(.tooManyRows, "\(rows.count) rows came, expected at most one", statement: S.name) }
        return rows.first
    }

    /// Runs a statement and says how many rows it touched or returned.
    @discardableResult
    package mutating func execute<S: Statement>(_ statement: S) throws(PostgresError) -> Int {
        try run(statement).affectedRows
    }

    /// Runs SQL that the program itself contains: one statement or several, separated by semicolons, without values.
    ///
    /// Several statements outside a transaction block are one transaction.
    package mutating func execute(script: String) throws(PostgresError) {
        try execute(script: script, name: "script")
    }

    mutating func execute(script: String, name: String) throws(PostgresError) {
        let result = try unsafe checked(PQexec(handle, script), statement: name)
        if result.status == PGRES_COPY_IN || result.status == PGRES_COPY_OUT {
            if result.status == PGRES_COPY_IN { cancelCopyIn() } else { abandonCopyOut() }
            throw PostgresError(.misuse, "a script cannot copy; copyIn() and copyOut() do", statement: name)
        }
    }

    // MARK: -

    mutating func run<S: Statement>(_ statement: S) throws(PostgresError) -> ResultHandle {
        bind(statement)
        guard settings.namesStatements else {
            let sql = S.sql
            let result = unsafe parameters.withPointers { count, types, values, lengths, formats in
                unsafe PQexecParams(handle, sql, count, types, values, lengths, formats, 1)
            }
            return try unsafe checked(result, statement: S.name)
        }
        let name = try prepare(S.self)
        let result = unsafe parameters.withPointers { count, _, values, lengths, formats in
            unsafe PQexecPrepared(handle, name, count, values, lengths, formats, 1)
        }
        return try unsafe checked(result, statement: S.name)
    }

    mutating func bind(_ statement: some Statement) {
        parameters.removeAll()
        statement.bind(to: &parameters)
    }

    /// The name that the session knows the statement by, after preparing it where it does not yet.
    mutating func prepare<S: Statement>(_: S.Type) throws(PostgresError) -> String {
        if let known = try known(S.self) { return known.name }
        let new = newName()
        let sql = S.sql
        let types = parameters.types
        let result = unsafe types.withUnsafeBufferPointer { types in
            unsafe PQprepare(handle, new, sql, CInt(types.count), types.baseAddress)
        }
        _ = try unsafe checked(result, statement: S.name)
        prepared[ObjectIdentifier(S.self)] = PreparedStatement(name: new, types: types)
        return new
    }

    func known<S: Statement>(_: S.Type) throws(PostgresError) -> PreparedStatement? {
        guard let known = prepared[ObjectIdentifier(S.self)] else { return nil }
        guard known.types == parameters.types else {
            throw PostgresError(.misuse, "bind() appended other types than at the statement's first use", statement: S.name)
        }
        return known
    }

    mutating func newName() -> String {
        nextName += 1
        return "h\(nextName)"
    }

    static func rows<S: Statement>(of _: S.Type, in result: borrowing ResultHandle) throws(PostgresError) -> [S.Row] {
        var fields = RowFields(columnCount: result.columnCount)
        var rows: [S.Row] = []
        rows.reserveCapacity(result.rowCount)
        for row in 0..<result.rowCount {
            fields.load(row, of: result)
            do throws(PostgresError) {
                rows.append(try S.decode(fields.view(of: result)))
            } catch {
                throw error.naming(S.name)
            }
        }
        return rows
    }
}

extension PostgresError {
    /// The error with the statement's name where it has none.
    func naming(_ statement: String) -> PostgresError {
        var error = self
        if error.statement == nil { error.statement = statement }
        return error
    }
}
