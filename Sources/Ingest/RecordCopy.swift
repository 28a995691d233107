import Diagnostics
import EventLog
import JSON
import Kafka

/// A record's parts in memory of their own, to be compared with what the log holds.
struct RecordCopy {
    private let key: [UInt8]?
    private let headers: [UInt8]
    private let payload: [UInt8]?
    private let brokerTime: Timestamp?

    /// Takes parts that are in memory already.
    init(key: [UInt8]?, headers: [UInt8], payload: [UInt8]?, brokerTime: Timestamp?) {
        self.key = key
        self.headers = headers
        self.payload = payload
        self.brokerTime = brokerTime
    }

    /// Copies a message; its headers are already in the log's layout.
    init(_ message: borrowing ConsumerMessage, headers: [UInt8]) {
        key = Self.bytes(message.key)
        self.headers = headers
        payload = Self.bytes(message.value)
        brokerTime = message.timestamp.time
    }

    /// Whether two records are the same: key, headers, value and the broker's time.
    func isSame(as record: borrowing RecordView) -> Bool {
        brokerTime == record.brokerTime && key == Self.bytes(record.key) && headers == Self.bytes(record.headers)
            && payload == Self.bytes(record.payload)
    }

    private static func bytes(_ span: RawSpan?) -> [UInt8]? {
        guard let span else { return nil }
        var bytes: [UInt8] = []
        span.append(to: &bytes)
        return bytes
    }
}

extension RecordTimestamp {
    /// The broker's time of the record, where it has one that a table can hold.
    var time: Timestamp? { kind == .notAvailable ? nil : Timestamp(milliseconds: milliseconds) }

    /// What it means.
    var type: TimestampType {
        switch kind {
        case .notAvailable: .notAvailable
        case .create: .create
        case .logAppend: .logAppend
        }
    }
}
