import Kafka
import Simulation

/// Changes a record as wires, proxies and bad programs do: bytes, headers, what the envelope says.
enum RecordMutation {
    /// Bytes that readers of JSON and of headers treat in ways of their own.
    private static let telling: [UInt8] = [
        0, 1, 0x0A, 0x20, 0x22, 0x27, 0x2C, 0x2D, 0x2E, 0x2F, 0x30, 0x3A, 0x40, 0x5B, 0x5C, 0x5D, 0x65, 0x75, 0x7B, 0x7D, 0x7F, 0x80, 0x83, 0xA1,
        0xB1,
        0xC0, 0xD8, 0xED, 0xEF, 0xF4, 0xFF,
    ]

    static func apply(to record: inout LoadRecord, _ numbers: inout SeededNumbers) {
        for _ in 0..<Int.random(in: 1...4, using: &numbers) {
            switch Int.random(in: 0..<13, using: &numbers) {
            case 0...4: change(&record.value, &numbers)
            case 5: change(&record.key, &numbers)
            case 6...8: changeHeader(&record, &numbers)
            case 9...11: RecordInsertion.apply(to: &record, &numbers)
            default: record.milliseconds = Int64(truncatingIfNeeded: numbers.next()) >> Int64.random(in: 0...40, using: &numbers)
            }
        }
        if record.milliseconds == 0 { record.milliseconds = 1 }
    }

    private static func change(_ field: inout [UInt8]?, _ numbers: inout SeededNumbers) {
        guard var bytes = field, !bytes.isEmpty else {
            field = Bool.random(using: &numbers) ? [] : [telling[Int.random(in: 0..<telling.count, using: &numbers)]]
            return
        }
        let place = Int.random(in: 0..<bytes.count, using: &numbers)
        let length = Int.random(in: 1...max(1, min(16, bytes.count - place)), using: &numbers)
        switch Int.random(in: 0..<8, using: &numbers) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
        case 1: bytes[place] = telling[Int.random(in: 0..<telling.count, using: &numbers)]
        case 2: bytes.insert(telling[Int.random(in: 0..<telling.count, using: &numbers)], at: place)
        case 3: bytes.removeSubrange(place..<min(bytes.count, place + length))
        case 4: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + length)], at: Int.random(in: 0...bytes.count, using: &numbers))
        case 5: bytes.removeSubrange(place...)
        case 6: bytes.insert(contentsOf: repeatElement(bytes[place], count: Int.random(in: 1...600, using: &numbers)), at: place)
        default:
            field = nil
            return
        }
        field = bytes
    }

    private static func changeHeader(_ record: inout LoadRecord, _ numbers: inout SeededNumbers) {
        guard !record.headers.isEmpty else {
            record.headers = [ProducerHeader("iothub-connection-device-id", [0xA1, 3, 0x61]), ProducerHeader("ce_specversion", Array("1.0".utf8))]
            return
        }
        let place = Int.random(in: 0..<record.headers.count, using: &numbers)
        switch Int.random(in: 0..<6, using: &numbers) {
        case 0: record.headers.remove(at: place)
        case 1: record.headers.append(record.headers[place])
        case 2: record.headers.swapAt(place, Int.random(in: 0..<record.headers.count, using: &numbers))
        case 3: record.headers[place].name = record.headers[Int.random(in: 0..<record.headers.count, using: &numbers)].name
        default: change(&record.headers[place].value, &numbers)
        }
    }
}
