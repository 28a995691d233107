import Diagnostics
import EventLog
import Kafka
import LogSupport
import TestSupport

/// An hour of forty pumps in the log, and what an export brought of it into a topic: not what came while it was off, three more events not, one event twice.
struct ExportedHour {
    /// 2026-06-01T12:00:00Z.
    private static let noon: Int64 = 1_780_315_200_000_000
    private static let devices = 40
    /// The minutes in which the export was off.
    private static let off = 20..<35
    /// The minute in which a few events were lost, and whose.
    private static let lost = (minute: 50, devices: 7...9)

    private static func time(_ minute: Int, _ second: Int = 0) -> Timestamp {
        Timestamp(microseconds: noon + Int64(minute * 60 + second) * 1_000_000)
    }

    private static func message(_ minute: Int, _ device: Int) -> SampleRecord {
        .telemetry(device: "pump-\(device)", #"{"flow":\#((minute * 7 + device) % 90)}"#, at: time(minute, device))
    }

    /// Writes the log, and the topic `lake` on a broker.
    func prepare(_ broker: TestBroker) throws {
        var log = try LogFixture(settings: SourceSettings(tenant: "app"))
        var records: [SampleRecord] = []
        for minute in 0..<60 {
            if minute == Self.off.lowerBound { records.append(.toggled("telemetry", false, at: Self.time(minute))) }
            if minute == Self.off.upperBound { records.append(.toggled("telemetry", true, at: Self.time(minute))) }
            records += (1...Self.devices).map { Self.message(minute, $0) }
        }
        try log.append(records, at: Self.time(60))
        try broker.embedded?.createTopic("lake", partitions: 2)
        let producer = try Producer(broker.settings, logger: TestBroker.quiet)
        for minute in 0..<60 where !Self.off.contains(minute) {
            for device in 1...Self.devices where minute != Self.lost.minute || !Self.lost.devices.contains(device) {
                let copies = (minute, device) == (10, 1) ? 2 : 1
                let message = Self.message(minute, device)
                // The service takes its time.
                let arrival = Self.time(minute, device + 20).microseconds / 1000
                for _ in 0..<copies {
                    try producer.produce(
                        ProducerRecord(topic: "lake", partition: Int32(device % 2), key: message.key, value: message.payload, timestamp: arrival))
                }
            }
        }
        try producer.flush(timeout: .seconds(10))
        _ = try producer.close()
    }
}
