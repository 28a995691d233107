import Diagnostics
import EventLog
import LogSupport
import Postgres
import Projections
import TestSupport
import Testing

/// What the tables say of a device, its sources taken together, is what the pure fold of the same prefix of the log says.
@Suite(.database) struct DeviceStateTests {
    /// The states of all devices after the log so far, by the pure fold, as lines of text.
    private func folded(on connection: inout Connection) throws -> Set<String> {
        var histories: [Int32: DeviceHistory] = [:]
        var decoder = EventDecoder()
        var event = DecodedEvent()
        // The last source first: the order of sources makes no difference.
        for log in try LogSources.all(on: &connection).reversed() {
            var window = RepeatWindow()
            _ = try LogReader().read(source: log.sourceID, from: 0, limit: .max, on: &connection) { logged in
                decoder.decode(logged.record, settings: log.settings, into: &event)
                let isRepeated = window.isRepeat(event, payload: logged.record.payload, offset: logged.offset)
                let size = logged.record.payload?.byteCount ?? 0
                histories[logged.deviceKey, default: DeviceHistory()]
                    .apply(event, source: log.sourceID, offset: logged.offset, size: size, isRepeated: isRepeated)
            }
        }
        var lines: Set<String> = []
        for (device, history) in histories {
            let state = try #require(history.state)
            let labels = try DeviceLabels.read(state, on: &connection)
            lines.insert(Self.line(device, state, labels))
        }
        return lines
    }

    private static func line(_ device: Int32, _ state: DeviceState, _ labels: DeviceLabels) -> String {
        let columns = [
            "\(device)", text(state.firstSeen), text(state.lastSeen), "\(state.messages)", "\(state.bytes)", "\(state.telemetry)",
            "\(state.repeated)",
            "\(state.expired)", text(state.firstTelemetry), text(state.lastTelemetry), text(state.lastProperty), state.template?.value ?? "",
            text(state.template?.time), text(state.templateAssigned?.time),
            text(state.connection) { "\($0.rawValue)" }, text(state.hubConnection) { "\($0.rawValue)" }, text(state.presence) { "\($0.rawValue)" },
            text(state.provisioned) { $0 ? "1" : "2" }, text(state.approved) { $0 ? "1" : "2" }, text(state.access) { "\($0.rawValue)" },
            text(state.simulated) { $0 ? "1" : "2" }, "\(state.lives.all.count)", text(state.lives.current?.firstTime), text(labels.lifeStart),
            labels.registration, labels.connection,
        ]
        return columns.joined(separator: "|")
    }

    private static func text(_ time: Timestamp?) -> String { time.map { "\($0.microseconds)" } ?? "" }

    private static func text<Value>(_ fact: DeviceState.Fact<Value>?, _ value: (Value) -> String) -> String {
        fact.map { "\(value($0.value))|\($0.time.microseconds)" } ?? "|"
    }

    @Test func `the state as of any point is the fold of the log up to there`() throws {
        var connection = try TestDatabase.connect()
        try connection.execute(
            script: """
                CREATE FUNCTION hindcast.test_us(t timestamptz) RETURNS text LANGUAGE sql AS $$
                    SELECT CASE WHEN t IS NULL OR t = '-infinity' THEN '' ELSE (extract(epoch FROM t) * 1000000)::bigint::text END $$
                """)
        var one = try LogFixture(topic: "one")
        var two = try LogFixture(topic: "two")
        var fleet = SampleFleet(seed: 41)
        var projector = try worker(batchRows: 16)
        for part in 0..<6 {
            let records = fleet.records(60)
            if part.isMultiple(of: 2) { try one.append(records) } else { try two.append(records) }
            try projector.turnUntilIdle()
            let expected = try folded(on: &connection)
            let actual = Set(try connection.query(SelectFacts()))
            let missing = expected.subtracting(actual).sorted()
            let surplus = actual.subtracting(expected).sorted()
            #expect(missing == [] && surplus == [], "after part \(part)")
        }
        #expect(try number("SELECT count(*) FROM hindcast.device_fact WHERE generations > 1 AND hub_connection IS NOT NULL AND repeated > 0") > 0)
    }
}

private struct SelectFacts: Statement {
    static let sql = """
        SELECT concat_ws('|', device_key, hindcast.test_us(first_seen), hindcast.test_us(last_seen), messages, bytes, telemetry, repeated, expired,
            hindcast.test_us(first_telemetry), hindcast.test_us(last_telemetry), hindcast.test_us(last_property), coalesce(template_ref, ''),
            hindcast.test_us(template_time), hindcast.test_us(template_assigned_time),
            coalesce(connection::text, ''), hindcast.test_us(connection_time), coalesce(hub_connection::text, ''), hindcast.test_us(hub_connection_time),
            coalesce(presence::text, ''), hindcast.test_us(presence_time), coalesce(provisioned::text, ''), hindcast.test_us(provisioned_time),
            coalesce(approved::text, ''), hindcast.test_us(approved_time), coalesce(access::text, ''), hindcast.test_us(access_time),
            coalesce(simulated::text, ''), hindcast.test_us(simulated_time), generations, hindcast.test_us(generation_first), hindcast.test_us(life_start),
            hindcast.registration_label(life_start, presence, presence_time, access, access_time, approved, approved_time, provisioned, provisioned_time,
                greatest(connection_time, hub_connection_time), last_telemetry),
            hindcast.connection_label(life_start, connection, connection_time, hub_connection, hub_connection_time, last_telemetry))
        FROM hindcast.device_fact
        """

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> String { try row.string(0) }
}
