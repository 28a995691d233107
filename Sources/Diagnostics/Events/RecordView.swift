/// A record's bytes where they lie: in librdkafka's buffer, in a Postgres row, in a line of a capture file.
package struct RecordView: ~Escapable {
    /// The key; nil for a null key, which differs from an empty one.
    package let key: RawSpan?
    /// The headers in the layout of `HeaderBytes`.
    package let headers: RawSpan
    /// The value; nil for a null value.
    package let payload: RawSpan?
    /// The broker's time for the record, where it gave one.
    package let brokerTime: Timestamp?
    /// When the log took the record.
    package let ingestTime: Timestamp

    /// Borrows the parts of one record.
    @_lifetime(copy key, copy headers, copy payload)
    package init(key: RawSpan?, headers: RawSpan, payload: RawSpan?, brokerTime: Timestamp?, ingestTime: Timestamp) {
        self.key = key
        self.headers = headers
        self.payload = payload
        self.brokerTime = brokerTime
        self.ingestTime = ingestTime
    }
}
