import Catalog
import Diagnostics
import EventLog
import LogSupport
import Postgres
import Projections
import Replay
import TestSupport
import Testing

/// What a run says that it would change, against both versions asked message by message.
@Suite(.database) struct BruteForceTests {
    /// A finding by all that a diff compares.
    private struct Place: Hashable {
        let device: Int32
        let template: String
        let component: String
        let path: String
        let rule: String
        let day: Int16
    }

    /// Judges every message of the log by itself, and counts.
    private func count(versionKey: Int32) throws -> [Place: Int64] {
        var connection = try admin()
        let store = TemplateStore()
        guard case .ready(let template) = try store.template(versionKey, on: &connection) else { return [:] }
        var counts: [Place: Int64] = [:]
        var decoder = EventDecoder()
        var event = DecodedEvent()
        var judge = Judge()
        for source in try LogSources.all(on: &connection) {
            _ = try LogReader().read(source: source.sourceID, from: 0, limit: .max, on: &connection) { logged in
                decoder.decode(logged.record, settings: source.settings, into: &event)
                let named = event.string(event.templateRef)
                let applied: TemplateInForce =
                    named.isEmpty ? .unassigned : named == pumpID ? .version(template) : .unknown(templateID: named)
                var findings: [Finding] = []
                judge.judge(event, payload: logged.record.payload, decoder: decoder, template: applied, into: &findings)
                for finding in findings {
                    let place = Place(
                        device: logged.deviceKey, template: named, component: finding.component, path: finding.path, rule: finding.rule.rawValue,
                        day: finding.rule.isOpen ? event.eventTime.day : 0)
                    counts[place, default: 0] += 1
                }
            }
        }
        return counts
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `the diff is what each message says of itself before and after`(_ seed: UInt64) throws {
        try publish(pumpTemplate())
        var fleet = SampleFleet(seed: seed)
        for partition in 0..<2 as Range<Int32> {
            var log = try LogFixture(partition: partition)
            // Names beyond those that are kept would have to be cut here too.
            try log.append(fleet.records(200).filter { $0.key != Array("dev-names".utf8) }, by: 20)
        }
        try project()
        let run = try carryOut(try plan(.document(pumpTemplate("string", name: "Temperature"))).run.id)
        let (before, after) = (try count(versionKey: 1), try count(versionKey: run.versionKey))
        var connection = try admin()
        let devices = Dictionary(uniqueKeysWithValues: try connection.query(SelectDeviceKeys()))
        var seen: [Place: ReplayChange] = [:]
        for change in try ReplayChange.list(run: run.id, limit: .max, on: &connection) {
            let device = try #require(devices["\(change.tenant)/\(change.deviceID)"])
            let place = Place(
                device: device, template: change.templateID, component: change.component, path: change.path, rule: change.rule, day: change.day)
            #expect(seen.updateValue(change, forKey: place) == nil)
            #expect(change.countBefore == before[place] ?? 0, "\(change)")
            #expect(change.countAfter == after[place] ?? 0, "\(change)")
            let kind: ReplayChange.Kind = before[place] == nil ? .appeared : after[place] == nil ? .disappeared : .changed
            #expect(change.kind == kind)
        }
        let differing = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
        #expect(!differing.isEmpty)
        #expect(differing.allSatisfy { seen[$0] != nil }, "\(differing.filter { seen[$0] == nil }.prefix(3))")
    }
}

private struct SelectDeviceKeys: Statement {
    static let sql = "SELECT tenant || '/' || device_id, device_key FROM hindcast.device"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> (String, Int32) { (try row.string(0), try row.int32(1)) }
}
