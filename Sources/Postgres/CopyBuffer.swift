/// Rows in the binary format of COPY (PostgreSQL manual, COPY, "Binary Format"), encoded ahead of time into memory that is reused.
///
/// Rows can be written by one thread, patched and sent by another later. Each row is ``beginRow(columns:)`` and then one call per column; the order
/// and the widths must be those of the table, since nothing is converted on the way.
@safe package struct CopyBuffer: Sendable {
    // Always as long as its capacity: writing through a pointer after one check is several times as fast as appending byte by byte.
    private var storage: [UInt8]
    private var count = 0

    /// How many rows were begun since the buffer was last emptied.
    package private(set) var rowCount = 0

    /// An empty buffer.
    ///
    /// - Parameter capacity: how many bytes to hold before it has to grow.
    package init(capacity: Int = 4096) {
        storage = [UInt8](repeating: 0, count: max(capacity, 64))
    }

    /// How many bytes the rows take.
    package var byteCount: Int { count }

    /// The encoded rows, without the header and trailer of a COPY.
    package var bytes: RawSpan {
        @_lifetime(borrow self)
        borrowing get {
            let span = unsafe storage.span.bytes.extracting(first: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Forgets the rows and keeps the memory.
    package mutating func removeAll() {
        count = 0
        rowCount = 0
    }

    /// Begins a row.
    package mutating func beginRow(columns: Int16) {
        rowCount += 1
        put(columns)
    }

    /// Writes NULL.
    package mutating func null() {
        put(Int32(-1))
    }

    /// Writes a `bool`.
    package mutating func bool(_ value: Bool) {
        put(Int32(1))
        put(value ? UInt8(1) : 0)
    }

    /// Writes an `int2` and says where, for ``patch(_:at:)``.
    @discardableResult
    package mutating func int16(_ value: Int16) -> Int {
        put(Int32(2))
        return put(value)
    }

    /// Writes an `int4` and says where, for ``patch(_:at:)``.
    @discardableResult
    package mutating func int32(_ value: Int32) -> Int {
        put(Int32(4))
        return put(value)
    }

    /// Writes an `int8` and says where, for ``patch(_:at:)``.
    @discardableResult
    package mutating func int64(_ value: Int64) -> Int {
        put(Int32(8))
        return put(value)
    }

    /// Writes a `float8`.
    package mutating func double(_ value: Double) {
        put(Int32(8))
        put(value.bitPattern)
    }

    /// Writes a `timestamptz` and says where, for ``patch(_:at:)``.
    @discardableResult
    package mutating func timestamp(_ value: PostgresTimestamp) -> Int {
        put(Int32(8))
        return put(value.serverValue)
    }

    /// Writes a `text`. The server refuses one that holds a NUL.
    package mutating func text(_ value: String) {
        unsafe bytes(value.utf8Span.span.bytes)
    }

    /// Writes a `text` from its UTF-8 bytes. The server refuses bytes that are not UTF-8 or hold a NUL.
    package mutating func text(_ value: RawSpan) {
        bytes(value)
    }

    /// Writes a `bytea`.
    package mutating func bytes(_ value: [UInt8]) {
        unsafe bytes(value.span.bytes)
    }

    /// Writes a `bytea` from borrowed bytes.
    package mutating func bytes(_ value: RawSpan) {
        precondition(value.byteCount <= Int32.max, "Cannot send \(value.byteCount) bytes in one field: the server takes less than 2 GiB")
        put(Int32(value.byteCount))
        reserve(value.byteCount)
        unsafe value.withUnsafeBytes { source in
            unsafe storage.withUnsafeMutableBytes { unsafe UnsafeMutableRawBufferPointer(rebasing: $0[count...]).copyMemory(from: source) }
        }
        count += value.byteCount
    }

    /// Overwrites an `int2` that ``int16(_:)`` wrote.
    package mutating func patch(_ value: Int16, at position: Int) {
        overwrite(value, at: position)
    }

    /// Overwrites an `int4` that ``int32(_:)`` wrote.
    package mutating func patch(_ value: Int32, at position: Int) {
        overwrite(value, at: position)
    }

    /// Overwrites an `int8` that ``int64(_:)`` wrote.
    package mutating func patch(_ value: Int64, at position: Int) {
        overwrite(value, at: position)
    }

    /// Overwrites a `timestamptz` that ``timestamp(_:)`` wrote.
    package mutating func patch(_ value: PostgresTimestamp, at position: Int) {
        overwrite(value.serverValue, at: position)
    }

    // MARK: -

    @discardableResult
    private mutating func put(_ value: some FixedWidthInteger & BitwiseCopyable) -> Int {
        reserve(value.bitWidth / 8)
        let position = count
        unsafe storage.withUnsafeMutableBytes { unsafe $0.storeBytes(of: value.bigEndian, toByteOffset: position, as: type(of: value)) }
        count += value.bitWidth / 8
        return position
    }

    private mutating func overwrite(_ value: some FixedWidthInteger & BitwiseCopyable, at position: Int) {
        precondition(position >= 0 && position + value.bitWidth / 8 <= count, "Cannot patch a value at \(position) of \(count) bytes")
        unsafe storage.withUnsafeMutableBytes { unsafe $0.storeBytes(of: value.bigEndian, toByteOffset: position, as: type(of: value)) }
    }

    private mutating func reserve(_ byteCount: Int) {
        let needed = count + byteCount
        guard needed > storage.count else { return }
        storage.append(contentsOf: repeatElement(0, count: max(needed, 2 * storage.count) - storage.count))
    }
}

extension CopyBuffer {
    /// Writes an `int2` or NULL.
    package mutating func int16(_ value: Int16?) {
        if let value { int16(value) } else { null() }
    }

    /// Writes an `int4` or NULL.
    package mutating func int32(_ value: Int32?) {
        if let value { int32(value) } else { null() }
    }

    /// Writes an `int8` or NULL.
    package mutating func int64(_ value: Int64?) {
        if let value { int64(value) } else { null() }
    }

    /// Writes a `bool` or NULL.
    package mutating func bool(_ value: Bool?) {
        if let value { bool(value) } else { null() }
    }

    /// Writes a `float8` or NULL.
    package mutating func double(_ value: Double?) {
        if let value { double(value) } else { null() }
    }

    /// Writes a `timestamptz` or NULL.
    package mutating func timestamp(_ value: PostgresTimestamp?) {
        if let value { timestamp(value) } else { null() }
    }

    /// Writes a `text` or NULL.
    package mutating func text(_ value: String?) {
        if let value { text(value) } else { null() }
    }

    /// Writes a `bytea` or NULL.
    package mutating func bytes(_ value: [UInt8]?) {
        if let value { bytes(value) } else { null() }
    }
}
