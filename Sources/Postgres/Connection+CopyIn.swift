import CLibPQ

extension Connection {
    /// How many bytes go to libpq in one call. It copies them into its own buffer and sends that; more at once only makes the buffer larger.
    private static var copyChunk: Int { 128 * 1024 }

    /// Sends the rows of one buffer and says how many the server took.
    ///
    /// All of them or none: where a row is refused, nothing is kept, and a transaction that was open has failed.
    @discardableResult
    package mutating func copyIn(_ copy: CopyIn, _ buffer: borrowing CopyBuffer) throws(PostgresError) -> Int {
        try beginCopyIn(copy)
        guard sendCopyHeader(), sendCopyData(buffer.bytes) else { throw brokenCopy(copy) }
        return try endCopyIn(copy)
    }

    /// Sends the rows of several buffers, one after the other, as one copy.
    @discardableResult
    package mutating func copyIn(_ copy: CopyIn, _ buffers: [CopyBuffer]) throws(PostgresError) -> Int {
        try beginCopyIn(copy)
        guard sendCopyHeader() else { throw brokenCopy(copy) }
        for buffer in buffers where !sendCopyData(buffer.bytes) { throw brokenCopy(copy) }
        return try endCopyIn(copy)
    }

    /// Sends rows that are encoded while earlier ones are under way.
    ///
    /// - Parameter fill: puts rows into the buffer, which it finds empty; returns `false` when those were the last. When it throws, nothing is kept.
    @discardableResult
    package mutating func copyIn<E: PostgresFailure>(
        _ copy: CopyIn, fill: (inout CopyBuffer) throws(E) -> Bool
    ) throws(E) -> Int {
        do throws(PostgresError) {
            try beginCopyIn(copy)
            guard sendCopyHeader() else { throw brokenCopy(copy) }
        } catch {
            throw E(error)
        }
        var buffer = CopyBuffer(capacity: Self.copyChunk)
        var isMore = true
        while isMore {
            buffer.removeAll()
            do throws(E) {
                isMore = try fill(&buffer)
            } catch {
                cancelCopyIn()
                throw error
            }
            if !sendCopyData(buffer.bytes) { throw E(brokenCopy(copy)) }
        }
        do throws(PostgresError) {
            return try endCopyIn(copy)
        } catch {
            throw E(error)
        }
    }

    // MARK: -

    private mutating func beginCopyIn(_ copy: CopyIn) throws(PostgresError) {
        let result = try unsafe checked(PQexec(handle, copy.sql), statement: copy.name)
        guard result.status == PGRES_COPY_IN else {
            throw PostgresError(.misuse, "the statement is not a COPY … FROM STDIN", statement: copy.name)
        }
        guard unsafe PQbinaryTuples(result.pointer) == 1 else {
            cancelCopyIn()
            throw PostgresError(.misuse, "the COPY does not ask for (FORMAT binary)", statement: copy.name)
        }
    }

    /// The signature, no flags, no header extension.
    private mutating func sendCopyHeader() -> Bool {
        unsafe sendCopyData(CopyFormat.header.span.bytes)
    }

    private mutating func sendCopyData(_ data: RawSpan) -> Bool {
        let handle = unsafe handle
        return unsafe data.withUnsafeBytes { bytes in
            var start = 0
            while start < bytes.count {
                let count = min(Self.copyChunk, bytes.count - start)
                let chunk = unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<start + count])
                let sent = unsafe PQputCopyData(handle, chunk.baseAddress?.assumingMemoryBound(to: CChar.self), CInt(count))
                guard sent == 1 else { return false }
                start += count
            }
            return true
        }
    }

    private mutating func endCopyIn(_ copy: CopyIn) throws(PostgresError) -> Int {
        guard unsafe sendCopyData(CopyFormat.trailer.span.bytes), unsafe PQputCopyEnd(handle, nil) == 1 else { throw brokenCopy(copy) }
        return try finishCopy(copy.name)
    }

    /// Makes the server forget what was sent.
    mutating func cancelCopyIn() {
        _ = unsafe PQputCopyEnd(handle, "the program gave the copy up")
        drain()
    }

    /// Why bytes could not be sent: the server may have said before it left.
    private mutating func brokenCopy(_ copy: CopyIn) -> PostgresError {
        do throws(PostgresError) {
            _ = try finishCopy(copy.name)
            return connectionError(.connectionLost, statement: copy.name)
        } catch {
            return error
        }
    }

    /// Reads the results that end a copy.
    mutating func finishCopy(_ name: String) throws(PostgresError) -> Int {
        var affected: Int?
        var failed: PostgresError?
        while let result = unsafe ResultHandle(PQgetResult(handle)) {
            if result.status == PGRES_COMMAND_OK {
                affected = result.affectedRows
            } else if result.status == PGRES_COPY_IN || result.status == PGRES_COPY_OUT {
                break
            } else if failed == nil {
                failed = failure(result, statement: name)
            }
        }
        if let failed { throw failed }
        guard let affected else { throw connectionError(.connectionLost, statement: name) }
        return affected
    }
}

/// The constant parts of the binary format of COPY.
enum CopyFormat {
    static let signature: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00]
    static let header: [UInt8] = signature + [0, 0, 0, 0, 0, 0, 0, 0]
    static let trailer: [UInt8] = [0xFF, 0xFF]
}
