import CLibPQ

/// Finds the rows in what the server sends during a COPY … TO STDOUT (PostgreSQL manual, COPY, "Binary Format").
///
/// The server sends each row in a message of its own, the header before the first one.
@safe @usableFromInline struct CopyOutReader: ~Copyable {
    private var message: UnsafeMutablePointer<CChar>?
    private var length = 0
    private var offset = 0
    private var isHeaderRead = false
    private var fields = RowFields(columnCount: 0)

    init() {}

    deinit {
        unsafe PQfreemem(message)
    }

    /// Whether a message was taken.
    var isBegun: Bool { length > 0 }

    /// The row that was found last.
    @usableFromInline var row: RowView { fields.view() }

    /// Takes over a message that libpq allocated.
    mutating func take(_ message: UnsafeMutablePointer<CChar>?, length: Int) {
        unsafe PQfreemem(self.message)
        unsafe self.message = unsafe message
        self.length = length
        offset = 0
    }

    /// Finds the next row in the message; `false` when it holds no more.
    mutating func next() throws(PostgresError) -> Bool {
        if !isHeaderRead { try readHeader() }
        guard offset < length else { return false }
        let columns = try Int(read(Int16.self))
        // The trailer.
        if columns < 0 { return false }
        fields.start(columnCount: columns)
        for column in 0..<columns {
            let fieldLength = try read(Int32.self)
            guard let message = unsafe message, Int(fieldLength) <= length - offset else { throw Self.truncated }
            unsafe fields.set(column, start: UnsafeRawPointer(message + offset), length: max(fieldLength, -1))
            offset += max(Int(fieldLength), 0)
        }
        return true
    }

    // MARK: -

    private static var truncated: PostgresError {
        PostgresError(
            .protocolViolation, "a row of the COPY ends before its last field", advice: "check what stands between the program and the server")
    }

    private mutating func readHeader() throws(PostgresError) {
        let signature = CopyFormat.signature
        guard length >= signature.count + 8, let message = unsafe message else { throw Self.truncated }
        for (index, byte) in signature.enumerated() where unsafe UInt8(bitPattern: message[index]) != byte {
            throw PostgresError(.protocolViolation, "the COPY does not begin with the signature of the binary format")
        }
        offset = signature.count + 4
        offset += try Int(read(Int32.self))
        isHeaderRead = true
    }

    private mutating func read<Value: FixedWidthInteger & BitwiseCopyable>(_ type: Value.Type) throws(PostgresError) -> Value {
        guard let message = unsafe message, length - offset >= MemoryLayout<Value>.size else { throw Self.truncated }
        defer { offset += MemoryLayout<Value>.size }
        return unsafe Value(bigEndian: UnsafeRawPointer(message).loadUnaligned(fromByteOffset: offset, as: type))
    }
}
