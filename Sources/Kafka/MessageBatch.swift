/// Records that were consumed and are still held, in the order they came.
///
/// Made once by the consumer's owner and used again for every batch: `Consumer.poll(into:timeout:linger:)` fills it, `removeAll` gives the records back. It must be
/// emptied or gone before the consumer is closed.
@safe package struct MessageBatch: ~Copyable {
    private let storage: UnsafeMutableBufferPointer<ConsumerMessage>
    /// How many records are held.
    package private(set) var count = 0

    /// An empty batch that takes at most `capacity` records.
    package init(capacity: Int) {
        precondition(capacity > 0, "A batch holds at least one record")
        unsafe storage = .allocate(capacity: capacity)
    }

    deinit {
        for index in 0..<count { unsafe storage.deinitializeElement(at: index) }
        unsafe storage.deallocate()
    }

    /// How many records fit.
    package var capacity: Int { unsafe storage.count }

    /// Whether no record is held.
    package var isEmpty: Bool { count == 0 }

    /// Whether nothing more fits.
    package var isFull: Bool { unsafe count == storage.count }

    /// The record at `index`, 0 to `count - 1`, borrowed: its spans are good as long as the batch is not changed.
    package subscript(index: Int) -> ConsumerMessage {
        unsafeAddress {
            precondition(index >= 0 && index < count, "Cannot read record \(index) of \(count)")
            return unsafe UnsafePointer(storage.baseAddress.unsafelyUnwrapped + index)
        }
    }

    /// Adds a record; there must be room.
    package mutating func append(_ message: consuming ConsumerMessage) {
        precondition(!isFull, "Cannot add to a full batch of \(count) records")
        unsafe storage.initializeElement(at: count, to: message)
        count += 1
    }

    /// Gives every record back to the client library.
    package mutating func removeAll() {
        for index in 0..<count { unsafe storage.deinitializeElement(at: index) }
        count = 0
    }
}
