import Kafka

/// The log's layout of headers, written a second time from its description, so that a mistake there shows as a digest that differs.
///
/// Per header: name length (4, big-endian), name, value length (4, big-endian; 0xFFFFFFFF for a null value), value.
enum HeaderLayout {
    static func bytes(_ headers: [ProducerHeader]) -> [UInt8] {
        var bytes: [UInt8] = []
        for header in headers {
            number(UInt32(header.name.utf8.count), &bytes)
            bytes.append(header.name)
            guard let value = header.value else {
                number(.max, &bytes)
                continue
            }
            number(UInt32(value.count), &bytes)
            bytes.append(contentsOf: value)
        }
        return bytes
    }

    private static func number(_ value: UInt32, _ bytes: inout [UInt8]) {
        for shift: UInt32 in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
}
