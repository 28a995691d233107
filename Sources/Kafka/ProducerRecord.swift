/// A record to be produced, with its bytes in arrays.
package struct ProducerRecord: Hashable, Sendable {
    package var topic: String
    /// Nil lets the partitioner choose by the key.
    package var partition: Int32?
    /// Nil for none.
    package var key: [UInt8]?
    /// Nil for a null value.
    package var value: [UInt8]?
    /// In this order; names may repeat.
    package var headers: [ProducerHeader]
    /// Milliseconds since 1970; nil lets the client take its own clock.
    package var timestamp: Int64?

    package init(
        topic: String, partition: Int32? = nil, key: [UInt8]? = nil, value: [UInt8]?, headers: [ProducerHeader] = [], timestamp: Int64? = nil
    ) {
        self.topic = topic
        self.partition = partition
        self.key = key
        self.value = value
        self.headers = headers
        self.timestamp = timestamp
    }
}

/// A header to be produced.
package struct ProducerHeader: Hashable, Sendable {
    /// Without NUL: the client library keeps names as C strings.
    package var name: String
    /// Nil for a null value.
    package var value: [UInt8]?

    package init(_ name: String, _ value: [UInt8]?) {
        self.name = name
        self.value = value
    }
}
