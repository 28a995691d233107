import CLibPQ
import Logging

extension Connection {
    /// Runs a query as a binary COPY and lends its rows one by one as they arrive: the fastest way to read many.
    ///
    /// Rows of a COPY declare no types, so getters check lengths only. When the body throws, the copy is cancelled, and with it the transaction that
    /// it is in.
    @inlinable
    package mutating func copyOut<E: PostgresFailure>(_ copy: CopyOut, _ body: (borrowing RowView) throws(E) -> Void) throws(E) {
        var reader: CopyOutReader
        do throws(PostgresError) {
            reader = try beginCopyOut(copy)
        } catch {
            throw E(error)
        }
        while true {
            do throws(PostgresError) {
                guard try nextCopiedRow(&reader) else { return }
            } catch {
                throw E(error)
            }
            do throws(E) {
                try body(reader.row)
            } catch {
                abandonCopyOut()
                throw error
            }
        }
    }

    // MARK: -

    @usableFromInline
    mutating func beginCopyOut(_ copy: CopyOut) throws(PostgresError) -> CopyOutReader {
        let result = try unsafe checked(PQexec(handle, copy.sql), statement: "COPY")
        guard result.status == PGRES_COPY_OUT else { throw PostgresError(.misuse, "the statement is not a COPY … TO STDOUT", statement: "COPY") }
        return CopyOutReader()
    }

    @usableFromInline
    mutating func nextCopiedRow(_ reader: inout CopyOutReader) throws(PostgresError) -> Bool {
        do throws(PostgresError) {
            if reader.isBegun, try reader.next() { return true }
        } catch {
            abandonCopyOut()
            throw error
        }
        while true {
            var message: UnsafeMutablePointer<CChar>?
            let length = unsafe PQgetCopyData(handle, &message, 0)
            guard length > 0 else {
                // -1 is the end; -2 is an error, which the result that follows tells about.
                _ = try finishCopy("COPY")
                return false
            }
            unsafe reader.take(message, length: Int(length))
            do throws(PostgresError) {
                if try reader.next() { return true }
            } catch {
                abandonCopyOut()
                throw error
            }
        }
    }

    /// Ends a copy that nobody wants any more.
    @usableFromInline
    mutating func abandonCopyOut() {
        do throws(PostgresError) {
            try cancelHandle?.cancel()
        } catch {
            logger.debug("Failed to cancel an abandoned copy", metadata: [LogKey.error: "\(error)"])
        }
        var message: UnsafeMutablePointer<CChar>?
        while unsafe PQgetCopyData(handle, &message, 0) > 0 { unsafe PQfreemem(message) }
        drain()
    }
}
