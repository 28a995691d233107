import CLibPQ

extension Connection {
    /// Runs several statements in one round trip and reads all their results (PostgreSQL manual, section 34.5).
    ///
    /// Outside a transaction block they are one transaction; ``BeginTransaction`` and ``CommitTransaction`` may be among them. The first that fails
    /// stops the rest; a transaction that this call opened is rolled back then. Meant for a handful of small statements: libpq writes all of them
    /// before it reads.
    ///
    /// - Throws: the first error; ``PostgresError/Code/commitUnknown`` when the connection broke and ``CommitTransaction`` was among the statements.
    package mutating func pipeline<each S: Statement>(
        _ statements: repeat each S
    ) throws(PostgresError) -> (repeat StatementResult<(each S).Row>) {
        let wasInTransaction = isInTransaction
        var queue = PipelineQueue()
        do throws(PostgresError) {
            guard unsafe PQenterPipelineMode(handle) == 1 else { throw connectionError(isUsable ? .misuse : .connectionLost, statement: "pipeline") }
            for statement in repeat each statements { try queue.add(enqueue(statement)) }
            guard unsafe PQpipelineSync(handle) == 1 else { throw connectionError(.connectionLost, statement: "pipeline") }
            try collect(&queue)
            return (repeat try queue.nextResult(of: (each S).self))
        } catch {
            leavePipeline()
            if !wasInTransaction { rollback() }
            throw queue.holdsCommit ? settled(error) : error
        }
    }

    // MARK: -

    /// Sends one statement, and before it what prepares it.
    private mutating func enqueue<S: Statement>(_ statement: S) throws(PostgresError) -> PipelineQueue.Entry {
        bind(statement)
        var entry = PipelineQueue.Entry(S.self)
        let sql = S.sql
        var sent: CInt
        if settings.namesStatements {
            let name: String
            if let known = try known(S.self) {
                name = known.name
            } else {
                name = newName()
                let types = parameters.types
                sent = unsafe types.withUnsafeBufferPointer { types in
                    unsafe PQsendPrepare(handle, name, sql, CInt(types.count), types.baseAddress)
                }
                guard sent == 1 else { throw connectionError(.connectionLost, statement: S.name) }
                // Known from here on, so that the next new name is another one; forgotten again where preparing fails.
                prepared[ObjectIdentifier(S.self)] = PreparedStatement(name: name, types: types)
                entry.isPrepared = true
            }
            sent = unsafe parameters.withPointers { count, _, values, lengths, formats in
                unsafe PQsendQueryPrepared(handle, name, count, values, lengths, formats, 1)
            }
        } else {
            sent = unsafe parameters.withPointers { count, types, values, lengths, formats in
                unsafe PQsendQueryParams(handle, sql, count, types, values, lengths, formats, 1)
            }
        }
        guard sent == 1 else { throw connectionError(.connectionLost, statement: S.name) }
        return entry
    }

    /// Reads every result up to the end of the pipeline and throws the first error among them.
    private mutating func collect(_ queue: inout PipelineQueue) throws(PostgresError) {
        var failed: PostgresError?
        for index in queue.entries.indices {
            let entry = queue.entries[index]
            if entry.isPrepared {
                let result = unsafe ResultHandle(PQgetResult(handle))
                unsafe PQclear(PQgetResult(handle))
                if let error = outcome(result, entry) {
                    prepared[entry.type] = nil
                    failed = failed ?? error
                }
            }
            let result = unsafe ResultHandle(PQgetResult(handle))
            unsafe PQclear(PQgetResult(handle))
            if let error = outcome(result, entry) { failed = failed ?? error }
            queue.entries[index].result = PipelineQueue.Result(result)
        }
        let sync = unsafe ResultHandle(PQgetResult(handle))
        if failed == nil, sync == nil { failed = connectionError(.connectionLost, statement: "pipeline") }
        if let failed { throw failed }
        leavePipeline()
    }

    private mutating func outcome(_ result: borrowing ResultHandle?, _ entry: PipelineQueue.Entry) -> PostgresError? {
        switch result {
        case nil: connectionError(.connectionLost, statement: entry.name)
        case .some(let result):
            switch result.status {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK: nil
            case PGRES_PIPELINE_ABORTED: PostgresError(.server, "not run, since a statement before it failed", statement: entry.name)
            default: failure(result, statement: entry.name)
            }
        }
    }

    private mutating func leavePipeline() {
        while unsafe PQpipelineStatus(handle) != PQ_PIPELINE_OFF, isUsable {
            if unsafe PQexitPipelineMode(handle) == 1 { return }
            unsafe PQclear(PQgetResult(handle))
        }
    }
}
