import Diagnostics
import Kafka
import Simulation

/// Records in every wire format that Hindcast reads, some of them with something wrong: a pure function of the seed and the record's number.
struct MixedMix {
    /// What a record is.
    enum Format: String, CaseIterable {
        case centralTelemetry, centralReported, centralDesired, centralPreview, centralTransform, centralConnected, hubTelemetry, hubTwin,
            hubDigitalTwin
        case hubConnection, hubLifecycle, cloudBinary, cloudStructured, honoTelemetry, honoEvent, honoConnection

        /// Whether the template has something to say about it.
        var hasValues: Bool {
            switch self {
            case .centralConnected, .hubConnection, .hubLifecycle, .honoConnection: false
            default: true
            }
        }
    }

    let seed: UInt64
    let devices: Int
    let partitions: Int32
    /// How many of a hundred messages have a fault.
    let faultyPercent: Int
    /// The formats to choose from.
    var formats = Format.allCases

    func record(_ number: Int, at time: Timestamp) -> LoadRecord {
        var numbers = SeededNumbers(seed: seed, UInt64(number))
        let device = Int.random(in: 0..<devices, using: &numbers)
        let isFaulty = Int.random(in: 0..<100, using: &numbers) < faultyPercent
        var message = MixedMessage(
            format: formats[Int.random(in: 0..<formats.count, using: &numbers)], device: "station-\(device + 1)", time: time,
            fault: isFaulty ? MixedFault.allCases.randomElement(using: &numbers) : nil, isComponent: Int.random(in: 0..<4, using: &numbers) == 0)
        var value = message.value(&numbers)
        if message.fault == .truncated, value.count > 2 { value.removeLast(Int.random(in: 1...(value.count / 2), using: &numbers)) }
        if message.fault == .notUTF8, !value.isEmpty { value[Int.random(in: 0..<value.count, using: &numbers)] = 0xFF }
        return LoadRecord(
            partition: Int32(device) % partitions, key: message.key, value: value, headers: message.headers,
            milliseconds: time.microseconds / 1000)
    }
}
