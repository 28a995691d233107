import CRdKafka
import Glibc

/// Numbers the topics that a consumer meets, so that a record's topic is an integer and not a `String`.
///
/// Names are compared, not handles: the client library may free a topic's handle and give its address to another topic.
@safe struct TopicTable: ~Copyable {
    /// One C string for each name, in the order of their numbers.
    private var entries: [UnsafePointer<CChar>] = unsafe []
    private(set) var names: [String] = []
    private var last = 0

    /// The number of the topic behind a handle: one comparison of names where the topic is that of the record before.
    mutating func index(of handle: OpaquePointer?) -> Int {
        guard let name = unsafe rd_kafka_topic_name(handle) else { return unsafe intern("", "") }
        if last < names.count, unsafe strcmp(name, entries[last]) == 0 { return last }
        return unsafe intern(name, String(cString: name))
    }

    /// The number of a topic by name.
    mutating func index(of name: String) -> Int {
        unsafe name.withCString { unsafe intern($0, name) }
    }

    private mutating func intern(_ text: UnsafePointer<CChar>, _ name: String) -> Int {
        if let known = unsafe entries.firstIndex(where: { unsafe strcmp($0, text) == 0 }) {
            last = known
            return known
        }
        guard let copy = unsafe strdup(text) else { preconditionFailure("Cannot keep a topic's name: out of memory") }
        unsafe entries.append(UnsafePointer(copy))
        names.append(name)
        last = names.count - 1
        return last
    }

    deinit {
        unsafe entries.forEach { unsafe free(UnsafeMutablePointer(mutating: $0)) }
    }
}
