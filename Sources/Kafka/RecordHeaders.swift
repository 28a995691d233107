import CRdKafka
import Glibc

/// A record's headers, looked at where the client library holds them.
@safe package struct RecordHeaders: ~Escapable {
    private let list: OpaquePointer?
    /// How many there are; a name may occur more than once.
    package let count: Int

    @_lifetime(immortal)
    init(_ list: OpaquePointer?) {
        unsafe self.list = list
        count = if let list = unsafe list { unsafe rd_kafka_header_cnt(list) } else { 0 }
    }

    /// The header at `index`, 0 to `count - 1`, in the record's order.
    package subscript(index: Int) -> RecordHeader {
        @_lifetime(copy self)
        get {
            precondition(index >= 0 && index < count, "Cannot read header \(index) of \(count)")
            var name: UnsafePointer<CChar>?
            var value: UnsafeRawPointer?
            var size = 0
            let found = unsafe rd_kafka_header_get_all(list, index, &name, &value, &size)
            guard found == RD_KAFKA_RESP_ERR_NO_ERROR, let name = unsafe name else {
                preconditionFailure("Cannot read header \(index) of \(count): the client library says it is not there")
            }
            return unsafe _overrideLifetime(RecordHeader(name: name, value: value, size: size), copying: self)
        }
    }
}

/// One header of a record.
@safe package struct RecordHeader: ~Escapable {
    /// The name's bytes: UTF-8 by Kafka's rule, but nothing enforces it. Ends at the first NUL, as the client library keeps names as C strings.
    package let name: RawSpan
    /// The value; nil for a null value, which differs from an empty one.
    package let value: RawSpan?

    @_lifetime(immortal)
    init(name: UnsafePointer<CChar>, value: UnsafeRawPointer?, size: Int) {
        let bytes = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(name), byteCount: strlen(name))
        unsafe self.name = _overrideLifetime(bytes, copying: ())
        if let value = unsafe value {
            let bytes = unsafe RawSpan(_unsafeStart: value, byteCount: size)
            unsafe self.value = _overrideLifetime(bytes, copying: ())
        } else {
            self.value = nil
        }
    }
}
