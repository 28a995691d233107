import CLibPQ

/// Cancels whatever one connection is doing at the moment, from any thread.
///
/// The statement then fails with ``SQLState/queryCanceled``; when nothing is running, nothing happens.
///
/// `@unchecked Sendable`: `PQcancel` may be called from any thread (PostgreSQL manual, section 34.7) and the pointer never changes.
@safe package final class CancelHandle: @unchecked Sendable {
    private let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) {
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe PQfreeCancel(pointer)
    }

    /// Sends the request over a connection of its own; blocks until the server has taken it.
    ///
    /// - Throws: ``PostgresError/Code/connectionFailed`` when the request could not be sent.
    package func cancel() throws(PostgresError) {
        var complaint = InlineArray<256, CChar>(repeating: 0)
        var span = complaint.mutableSpan
        let message: String? = unsafe span.withUnsafeMutableBufferPointer { buffer in
            guard unsafe PQcancel(pointer, buffer.baseAddress, CInt(buffer.count)) != 1 else { return nil }
            return unsafe buffer.baseAddress.map { unsafe String(cString: $0).firstLine } ?? ""
        }
        if let message { throw PostgresError(.connectionFailed, "the server could not be asked to cancel: \(message)") }
    }
}
