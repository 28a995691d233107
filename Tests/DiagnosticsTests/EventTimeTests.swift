import Diagnostics
import JSON
import Testing

/// Which of the times that a record carries is the event's.
struct EventTimeTests {
    private static let day: Int64 = 86_400_000_000
    private static let broker = SampleRecord.brokerTime.microseconds

    private func eventTime(service: String, broker: Timestamp?, ingest: Timestamp = SampleRecord.ingestTime) -> Timestamp {
        var record = SampleRecord(SampleExport.message(source: "telemetry", time: service))
        record.brokerTime = broker
        record.ingestTime = ingest
        return record.decoded().eventTime
    }

    @Test(arguments: [
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1970-01-01T00:00:00Z", "2023-12-02T03:04:05Z", "2024-01-04T00:00:00Z", "later", "",
    ])
    func `an implausible service time gives way to the broker's`(service: String) {
        #expect(eventTime(service: service, broker: SampleRecord.brokerTime) == SampleRecord.brokerTime)
    }

    @Test func `thirty days before the broker and one day after are plausible, a microsecond more is not`() {
        for (distance, isPlausible) in [(-30 * Self.day, true), (-30 * Self.day - 1, false), (Self.day, true), (Self.day + 1, false), (0, true)] {
            let service = Timestamp(microseconds: Self.broker + distance)
            let expected = isPlausible ? service : SampleRecord.brokerTime
            #expect(eventTime(service: service.rfc3339, broker: SampleRecord.brokerTime) == expected, "\(distance)")
        }
    }

    @Test func `without a broker's time, as in a capture, the service's time may be of any age but not of the future`() {
        let ingest = SampleRecord.ingestTime.microseconds
        for service in ["2000-01-01T00:00:00Z", "2015-06-01T00:00:00Z", "2023-12-02T03:04:05Z"] {
            #expect(eventTime(service: service, broker: nil).rfc3339 == service)
        }
        let tomorrow = Timestamp(microseconds: ingest + Self.day)
        #expect(eventTime(service: tomorrow.rfc3339, broker: nil) == tomorrow)
        for service in ["1999-12-31T23:59:59.999999Z", "0001-01-01T00:00:00Z", Timestamp(microseconds: ingest + Self.day + 1).rfc3339, "none"] {
            #expect(eventTime(service: service, broker: nil) == SampleRecord.ingestTime, "\(service)")
        }
    }

    @Test func `a broker's time of the future or before 1970 counts as none`() {
        let far = Timestamp(microseconds: SampleRecord.ingestTime.microseconds + Self.day + 1)
        for broker in [far, .latest, Timestamp(microseconds: .max), Timestamp(microseconds: -1), .earliest, Timestamp(microseconds: .min)] {
            #expect(eventTime(service: "2023-12-02T03:04:05Z", broker: broker).rfc3339 == "2023-12-02T03:04:05Z")
            #expect(eventTime(service: "9999-01-01T00:00:00Z", broker: broker) == SampleRecord.ingestTime)
            #expect(eventTime(service: "none", broker: broker) == SampleRecord.ingestTime)
        }
        let tomorrow = Timestamp(microseconds: far.microseconds - 1)
        #expect(eventTime(service: "none", broker: tomorrow) == tomorrow)
    }

    @Test(
        arguments: [
            ("1999-12-31T23:59:59.999999Z", nil, true), ("2000-01-01T00:00:00Z", nil, false), ("2099-12-31T23:59:59.999999Z", nil, false),
            ("2100-01-01T00:00:00Z", nil, true), ("2023-12-03T03:04:05.600Z", SampleRecord.brokerTime, false),
            ("2023-12-03T03:04:05.599999Z", SampleRecord.brokerTime, true), ("2024-01-03T03:04:05.600Z", SampleRecord.brokerTime, false),
            ("2024-01-03T03:04:05.600001Z", SampleRecord.brokerTime, true), ("2024-01-02T03:04:05Z", Timestamp(microseconds: -1), false),
            ("2024-01-02T03:04:05Z", Timestamp.latest, false),
        ] as [(String, Timestamp?, Bool)])
    func `whether a time is implausible is told by the record alone, not by when the log took it`(
        service: String, broker: Timestamp?, isImplausible: Bool
    ) throws {
        for ingest in [Timestamp(microseconds: 0), SampleRecord.ingestTime, Timestamp(microseconds: 4_000_000_000_000_000)] {
            var record = SampleRecord(
                SampleExport.message(source: "telemetry", time: service, members: #","telemetry":{"temperature":1}"#), key: SampleExport.device)
            record.brokerTime = broker
            record.ingestTime = ingest
            let judgement = Judgement(record, by: .version(try SampleTemplate.published()))
            #expect(judgement.rules == (isImplausible ? [.eventTimeImplausible] : []), "\(ingest.rfc3339)")
        }
    }

    @Test func `a good service time stands where the broker's is of the future`() {
        let future = Timestamp(microseconds: SampleRecord.ingestTime.microseconds + 400 * Self.day)
        #expect(eventTime(service: "2024-01-02T03:04:05Z", broker: future).rfc3339 == "2024-01-02T03:04:05Z")
    }

    @Test func `a record that tells no time has the broker's, else the time of ingest`() {
        var record = SampleRecord("not JSON")
        #expect(record.decoded().eventTime == SampleRecord.brokerTime)
        record.brokerTime = nil
        #expect(record.decoded().eventTime == SampleRecord.ingestTime)
    }

    @Test func `the device's own clock is kept, however wrong`() {
        for clock in ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"] {
            let payload = SampleExport.message(source: "telemetry", members: #","messageProperties":{"iothub-creation-time-utc":"\#(clock)"}"#)
            let event = SampleRecord(payload).decoded()
            #expect(event.deviceTime?.rfc3339 == clock)
            #expect(event.eventTime.rfc3339 == "2024-01-02T03:04:05.123000Z")
        }
    }
}
