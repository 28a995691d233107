import Diagnostics
import JSON
import Kafka
import Simulation
import Testing

/// What the fleet's exports do not deliver, as planned.
struct PlannedExportTests {
    /// A message is exported where it is telemetry and JSON; held here against the decoder's own word, which the plan does not ask.
    private static func exported(_ plan: FleetPlan) throws -> [(device: String, time: Timestamp)] {
        let definitions = try ExportFile.read(Array(DemoExports.document.utf8), name: "demo")
        let definition = try #require(definitions.exports.first).0
        let expectation = ExportExpectation(tenant: "test", definition: definition, destination: definitions.destinations.first?.0)
        var decoder = EventDecoder()
        var event = DecodedEvent()
        var all: [(device: String, time: Timestamp)] = []
        for message in FleetHistory(plan) {
            var headers: [UInt8] = []
            for header in message.headers { append(header, to: &headers) }
            let key = message.key ?? []
            let keyBytes: RawSpan? = message.key == nil ? nil : key.rawBytes
            let record = RecordView(
                key: keyBytes, headers: headers.rawBytes, payload: message.value.rawBytes, brokerTime: FleetPlanTests.noon,
                ingestTime: FleetPlanTests.noon)
            decoder.decode(record, settings: SourceSettings(tenant: "test"), into: &event)
            if expectation.verdict(event, record, decoder: decoder) == .expected { all.append((event.string(event.deviceID), event.eventTime)) }
        }
        return all
    }

    private static func append(_ header: ProducerHeader, to bytes: inout [UInt8]) {
        let value = header.value ?? []
        HeaderBytes.append(name: header.name.rawBytes, value: value.rawBytes, to: &bytes)
    }

    @Test func `the plan counts the events and devices of each outage as the product does`() throws {
        let plan = FleetPlanTests.plan(160)
        let exported = try Self.exported(plan)
        let file = PlanFile(plan, topic: "t")
        #expect(plan.exports.count == 2)
        for export in plan.exports {
            let gap = try #require(file.gaps.first { $0.exportID == export.exportID })
            let lost = exported.filter { export.start <= $0.time && $0.time < export.end }
            #expect(gap.events == lost.count && lost.count > 0)
            #expect(gap.devices == Set(lost.map(\.device)).count)
            #expect(gap.cause == export.cause && gap.start == export.start.rfc3339 && gap.end == export.end.rfc3339)
            // No other time is lost, so the export does deliver.
            #expect(lost.count < exported.count)
        }
        #expect(file.gaps.count { $0.events == nil } == plan.devices.count { $0.trouble == .exportOff })
        #expect(file.gaps.count { $0.isGivenBack } == 1)
    }

    @Test func `what the service says of an export is a change of that export at that time`() throws {
        let plan = FleetPlanTests.plan()
        var decoder = EventDecoder()
        var event = DecodedEvent()
        var fold = ExportFold()
        for (offset, notice) in plan.exports.flatMap(\.notices).enumerated() {
            var headers: [UInt8] = []
            for header in notice.headers { Self.append(header, to: &headers) }
            let record = RecordView(
                key: notice.key.rawBytes, headers: headers.rawBytes, payload: notice.value.rawBytes, brokerTime: FleetPlanTests.noon,
                ingestTime: FleetPlanTests.noon)
            decoder.decode(record, settings: SourceSettings(tenant: "test"), into: &event)
            fold.apply(event, record, decoder: decoder, offset: Int64(offset))
        }
        let refused = try #require(plan.exports.first { $0.cause == "permission-missing" })
        let off = try #require(plan.exports.first { $0.cause == "disabled" })
        #expect(fold.changes.map(\.change.act) == [.failing, .failed, .recovered, .disabled, .enabled])
        #expect(fold.changes.map(\.change.exportID) == Array(repeating: refused.exportID, count: 3) + Array(repeating: off.exportID, count: 2))
        #expect(fold.changes.map(\.change.time) == [refused.start, refused.start.shifted(by: 900_000_000), refused.end, off.start, off.end])
        #expect(fold.changes[1].change.since == refused.start)
    }

    @Test func `an outage in which nobody sends is no gap`() {
        // The first devices of a fleet that is smaller than the list of troubles all go on sending.
        let plan = FleetPlanTests.plan(3)
        #expect(plan.devices.allSatisfy { $0.trouble.profile.goesOn })
        #expect(PlanFile(plan, topic: "t").gaps.map(\.cause) == ["permission-missing"])
    }
}
