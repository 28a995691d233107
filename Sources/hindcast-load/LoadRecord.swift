import Diagnostics
import Kafka

/// A record to be sent, with the partition it goes to.
struct LoadRecord: Equatable {
    var partition: Int32
    var key: [UInt8]?
    var value: [UInt8]?
    var headers: [ProducerHeader] = []
    /// Milliseconds since 1970; never 0, by which the client library means its own clock.
    var milliseconds: Int64

    /// Bytes of key, value and headers.
    var byteCount: Int {
        headers.reduce((key?.count ?? 0) + (value?.count ?? 0)) { $0 + $1.name.utf8.count + ($1.value?.count ?? 0) }
    }
}

extension [UInt8] {
    /// Appends a text's UTF-8.
    mutating func append(_ text: String) { append(contentsOf: text.utf8) }
}
