import Diagnostics
import Kafka
import Simulation

/// Records that nobody should send: a million of them are 2 GiB.
///
/// One in 2,000 has a value of 1 MiB and one in 2,000 is nested 100,000 deep; the others are drawn.
struct GarbageMix {
    /// What a record is.
    enum Kind: CaseIterable {
        case mebibyte, nested, randomBytes, truncated, null, longDevice, longNames, nuls
    }

    static let period = 2000
    static let depth = 100_000
    static let longCount = 3000
    /// Drawn from; how often a kind stands here is its share.
    private static let urn: [Kind] = [
        .randomBytes, .randomBytes, .randomBytes, .randomBytes, .truncated, .truncated, .truncated, .truncated, .null, .null, .null, .longDevice,
        .longNames, .longNames, .nuls, .nuls,
    ]

    let seed: UInt64
    let partitions: Int32

    /// What the record of a number is.
    func kind(_ number: Int) -> Kind {
        var numbers = SeededNumbers(seed: seed, UInt64(number))
        return kind(number, &numbers)
    }

    func record(_ number: Int, at time: Timestamp) -> LoadRecord {
        var numbers = SeededNumbers(seed: seed, UInt64(number))
        let kind = kind(number, &numbers)
        var record = LoadRecord(
            partition: Int32.random(in: 0..<partitions, using: &numbers), key: nil, value: nil, milliseconds: time.microseconds / 1000)
        switch kind {
        case .mebibyte: mebibyte(number / Self.period, time, &record, &numbers)
        case .nested: nested(number / Self.period, time, &record, &numbers)
        case .randomBytes:
            record.key = Bool.random(using: &numbers) ? Self.noise(Int.random(in: 0...64, using: &numbers), &numbers) : nil
            record.value = Self.noise(Int.random(in: 0...4608, using: &numbers), &numbers)
            record.headers = [
                ProducerHeader("iotcentral-device-id", Self.noise(Int.random(in: 0...40, using: &numbers), &numbers)), ProducerHeader("", nil),
            ]
        case .truncated:
            record.key = Self.device(&numbers)
            var value = Self.export(device: record.key ?? [], time: time.rfc3339, telemetry: Array(#"{"temperature":21.5}"#.utf8))
            value.removeLast(Int.random(in: 1..<value.count, using: &numbers))
            record.value = value
        case .null:
            record.key = Bool.random(using: &numbers) ? Self.device(&numbers) : nil
            record.headers = Bool.random(using: &numbers) ? [ProducerHeader("empty", []), ProducerHeader("empty", nil)] : []
        case .longDevice:
            let id = Self.letters(Self.longCount, &numbers)
            record.key = id
            record.headers = Bool.random(using: &numbers) ? [ProducerHeader("iotcentral-device-id", id)] : []
            record.value = Self.export(device: id, time: time.rfc3339, telemetry: Array(#"{"temperature":21.5}"#.utf8))
        case .longNames:
            record.key = Self.device(&numbers)
            let name = Self.letters(Self.longCount, &numbers)
            record.value = Self.export(
                device: record.key ?? [], time: "0001-01-01T00:00:00Z", telemetry: Array(#"{""#.utf8) + name + Array(#"":{"a":[1,{"b":2}]}}"#.utf8))
        case .nuls:
            record.key = [0] + Self.device(&numbers) + [0]
            record.headers = [ProducerHeader("iotcentral-device-id", [0, 0x61, 0]), ProducerHeader("iotcentral-message-source", [0])]
            let telemetry = Array(#"{"tem\u0000perature":"\u0000","temperature":"\u0000\ud800"}"#.utf8)
            var value = Self.export(device: Array(#"m\u0000eter"#.utf8), time: time.rfc3339, telemetry: telemetry)
            if Bool.random(using: &numbers) { value.insert(0, at: Int.random(in: 0...value.count, using: &numbers)) }
            record.value = value
        }
        // A producer's clock that is wrong: 1970, and the last second of the year 9999.
        if number % 5000 == 7 { record.milliseconds = 1 }
        if number % 5000 == 11 { record.milliseconds = 253_402_300_799_999 }
        return record
    }

    // MARK: - The large ones

    private func mebibyte(_ turn: Int, _ time: Timestamp, _ record: inout LoadRecord, _ numbers: inout SeededNumbers) {
        let size = 1 << 20
        record.key = Self.device(&numbers)
        switch turn % 4 {
        case 0: record.value = Self.noise(size, &numbers)
        case 1: record.value = Self.filled(size, record.key ?? [], time, with: "x", &numbers)
        case 2: record.value = Self.filled(size, record.key ?? [], time, with: #"\u0000"#, &numbers)
        default:
            var value: [UInt8] = [UInt8(ascii: "[")]
            while value.count < size - 3 { value.append("0,") }
            value.append("0 ]")
            record.value = value
        }
    }

    /// An export whose one string fills it up to a size.
    private static func filled(
        _ size: Int, _ device: [UInt8], _ time: Timestamp, with text: String, _ numbers: inout SeededNumbers
    ) -> [UInt8] {
        let frame = export(device: device, time: time.rfc3339, telemetry: Array(#"{"mode":""}"#.utf8)).count
        var telemetry = Array(#"{"mode":""#.utf8)
        var left = size - frame
        while left >= text.utf8.count {
            telemetry.append(text)
            left -= text.utf8.count
        }
        telemetry.append(contentsOf: repeatElement(UInt8(ascii: "y"), count: left))
        telemetry.append(#""}"#)
        return export(device: device, time: time.rfc3339, telemetry: telemetry)
    }

    private func nested(_ turn: Int, _ time: Timestamp, _ record: inout LoadRecord, _ numbers: inout SeededNumbers) {
        record.key = Self.device(&numbers)
        let open = [UInt8](repeating: UInt8(ascii: "["), count: Self.depth)
        let close = [UInt8](repeating: UInt8(ascii: "]"), count: Self.depth)
        switch turn % 3 {
        case 0: record.value = open
        case 1: record.value = open + close
        default:
            var objects: [UInt8] = []
            objects.reserveCapacity(6 * Self.depth + 2)
            for _ in 0..<Self.depth { objects.append(#"{"a":"#) }
            objects.append("1")
            objects.append(contentsOf: repeatElement(UInt8(ascii: "}"), count: Self.depth))
            record.value = Self.export(device: record.key ?? [], time: time.rfc3339, telemetry: objects)
        }
    }

    // MARK: - Parts

    private func kind(_ number: Int, _ numbers: inout SeededNumbers) -> Kind {
        switch number % Self.period {
        case 0: .mebibyte
        case Self.period / 2: .nested
        default: Self.urn[Int.random(in: 0..<Self.urn.count, using: &numbers)]
        }
    }

    private static func device(_ numbers: inout SeededNumbers) -> [UInt8] { Array("garbage-\(Int.random(in: 0..<1000, using: &numbers))".utf8) }

    private static func export(device: [UInt8], time: String, telemetry: [UInt8]) -> [UInt8] {
        var value = Array(#"{"applicationId":"\#(LoadModel.applicationID)","messageSource":"telemetry","deviceId":""#.utf8)
        value.append(contentsOf: device)
        value.append(#"","schema":"default@v1","templateId":"\#(LoadModel.templateID)","enqueuedTime":"\#(time)","enrichments":{},"telemetry":"#)
        value.append(contentsOf: telemetry)
        value.append("}")
        return value
    }

    private static func noise(_ count: Int, _ numbers: inout SeededNumbers) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            let word = numbers.next()
            for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift * 8))) }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }

    private static func letters(_ count: Int, _ numbers: inout SeededNumbers) -> [UInt8] {
        noise(count, &numbers).map { UInt8(ascii: "a") + $0 % 26 }
    }
}
