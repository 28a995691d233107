import Diagnostics
import Kafka
import Simulation

/// Telemetry as Azure IoT Central exports it (`default@v1`), some of it with something wrong.
struct TelemetryMix {
    /// What is wrong with a message.
    enum Fault: CaseIterable {
        /// A number that is written as a string.
        case type
        /// A name in the wrong case.
        case letterCase
        /// A name that the template does not have.
        case undefined
        /// Cut off in the middle.
        case malformed
    }

    let seed: UInt64
    /// How many devices come before the first one.
    var firstDevice = 0
    let devices: Int
    let partitions: Int32
    /// A value is filled up to so many bytes; cut off ones are shorter.
    let bytes: Int
    /// How many of a hundred messages have a fault.
    let faultyPercent: Int
    /// The faults to choose from.
    var faults = Fault.allCases

    private static let application = Array(LoadModel.applicationID.utf8)

    func record(_ number: Int, at time: Timestamp) -> LoadRecord {
        var numbers = SeededNumbers(seed: seed, UInt64(number))
        let device = firstDevice + Int.random(in: 0..<devices, using: &numbers)
        let fault = Int.random(in: 0..<100, using: &numbers) < faultyPercent ? faults.randomElement(using: &numbers) : nil
        let id = Array("meter-\(device + 1)".utf8)
        var value: [UInt8] = []
        value.reserveCapacity(bytes + 64)
        value.append(#"{"applicationId":"\#(LoadModel.applicationID)","messageSource":"telemetry","deviceId":""#)
        value.append(contentsOf: id)
        value.append(#"","schema":"default@v1","templateId":"\#(LoadModel.templateID)","enqueuedTime":"\#(time.rfc3339)","telemetry":{""#)
        value.append(fault == .letterCase ? "Temperature" : "temperature")
        let temperature = Self.decimal(Int.random(in: -2500...4500, using: &numbers))
        value.append(fault == .type ? #"":"\#(temperature)""# : #"":\#(temperature)"#)
        value.append(#","humidity":\#(Self.decimal(Int.random(in: 500...9900, using: &numbers)))"#)
        value.append(#","pressure":\#(Self.decimal(Int.random(in: 95_000...105_000, using: &numbers)))"#)
        if fault == .undefined { value.append(#","batteryVoltage":3.61"#) }
        value.append(#","mode":"\#(Bool.random(using: &numbers) ? "cooling" : "idle")"},"enrichments":{"#)
        if value.count + 13 < bytes {
            value.append(#""site":""#)
            value.append(contentsOf: repeatElement(UInt8(ascii: "n"), count: bytes - value.count - 3))
            value.append(#"""#)
        }
        value.append("}}")
        if fault == .malformed { value.removeLast(Int.random(in: 1...(value.count / 2), using: &numbers)) }
        return LoadRecord(
            partition: Int32(device) % partitions, key: id, value: value,
            headers: [
                ProducerHeader("iotcentral-application-id", Self.application), ProducerHeader("iotcentral-device-id", id),
                ProducerHeader("iotcentral-message-source", Array("telemetry".utf8)),
            ],
            milliseconds: time.microseconds / 1000)
    }

    /// A number of hundredths with its point.
    static func decimal(_ hundredths: Int) -> String {
        let fraction = abs(hundredths % 100)
        return "\(hundredths < 0 ? "-" : "")\(abs(hundredths / 100)).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
