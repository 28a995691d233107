import Diagnostics
import JSON
import LogSupport
import Postgres
import Projections
import TestSupport
import Testing

/// The rules in SQL, asked about states that the pure fold made.
@Suite(.database) struct DeviceLabelTests {
    /// One thing that is said of a device: a minute, and what.
    private enum Word {
        case lifecycle(String)
        case connectivity(String)
        case hub(Bool, Int)
        case telemetry
        case generation(String)
        case flags(String)
    }

    private func history(_ words: [(Int64, Word)], source: Int32 = 1, into history: DeviceHistory = DeviceHistory()) -> DeviceHistory {
        var history = history
        var decoder = EventDecoder()
        var event = DecodedEvent()
        for (index, (minute, word)) in words.enumerated() {
            let record = Self.record(word, at: Timestamp(microseconds: Timestamp.sample.microseconds + minute * 60_000_000))
            let (headers, payload) = (record.headerBytes, record.payload ?? [])
            let view = RecordView(
                key: nil, headers: headers.rawBytes, payload: payload.rawBytes, brokerTime: record.brokerTime, ingestTime: .sample)
            decoder.decode(view, settings: SourceSettings(), into: &event)
            history.apply(event, source: source, offset: Int64(index), size: payload.count)
        }
        return history
    }

    private static func record(_ word: Word, at time: Timestamp) -> SampleRecord {
        switch word {
        case .lifecycle(let type): .event(device: "a", source: "deviceLifecycle", type: type, at: time)
        case .connectivity(let type): .event(device: "a", source: "deviceConnectivity", type: type, at: time)
        case .hub(let isConnected, let number): .hubConnection(device: "a", isConnected: isConnected, number: number, at: time)
        case .telemetry: .telemetry(device: "a", "{}", at: time)
        case .flags(let members): .flags(device: "a", members, at: time)
        case .generation(let mark): .hubTelemetry(device: "a", "{}", generation: mark, at: time)
        }
    }

    private func labels(_ words: [(Int64, Word)]) throws -> DeviceLabels {
        var connection = try TestDatabase.connect()
        return try DeviceLabels.read(try #require(history(words).state), on: &connection)
    }

    private func registration(_ words: (Int64, Word)...) throws -> String { try labels(words).registration }

    private func connection(_ words: (Int64, Word)...) throws -> String { try labels(words).connection }

    @Test func `the status follows from the facts`() throws {
        #expect(try registration((0, .lifecycle("displayNameChanged"))) == "unknown")
        #expect(try registration((0, .lifecycle("registered"))) == "registered")
        #expect(try registration((0, .lifecycle("enabled"))) == "registered", "Enabled is approved")
        #expect(try registration((0, .lifecycle("registered")), (1, .lifecycle("provisioned"))) == "provisioned")
        #expect(try registration((0, .lifecycle("registered")), (1, .telemetry)) == "provisioned", "Telemetry proves it")
        #expect(try registration((0, .connectivity("disconnected"))) == "provisioned", "Who is cut off was let in")
        #expect(try registration((0, .hub(true, 1))) == "provisioned")
        #expect(try registration((0, .lifecycle("registered")), (1, .lifecycle("disabled"))) == "blocked")
        #expect(try registration((0, .telemetry), (1, .lifecycle("deleted"))) == "deleted")
        #expect(try registration((0, .flags(#""approved":false,"provisioned":false,"#))) == "unapproved")
        #expect(try registration((0, .flags(#""approved":false,"provisioned":false,"#)), (1, .lifecycle("enabled"))) == "registered")
        #expect(try registration((0, .flags(#""approved":true,"provisioned":false,"blocked":false,"#))) == "registered")
        #expect(try registration((0, .flags(#""approved":true,"provisioned":false,"#)), (1, .telemetry)) == "provisioned")
        #expect(try registration((0, .telemetry), (1, .flags(#""provisioned":false,"#))) == "registered", "The service says so, and later")
        #expect(try registration((0, .flags(#""approved":false,"blocked":true,"#))) == "blocked", "It hides that it waits for approval")
    }

    @Test func `a deleted device that is registered again, or that sends again, begins a new life`() throws {
        let first: [(Int64, Word)] = [
            (0, .lifecycle("registered")), (1, .lifecycle("provisioned")), (2, .connectivity("connected")), (3, .lifecycle("disabled")),
            (4, .lifecycle("deleted")),
        ]
        #expect(try labels(first).registration == "deleted")
        #expect(try labels(first).connection == "unknown", "What was said before is of another life")
        let again = try labels(first + [(5, .lifecycle("registered"))])
        #expect(again.registration == "registered")
        #expect(again.connection == "unknown")
        #expect(again.lifeStart == Timestamp(microseconds: Timestamp.sample.microseconds + 5 * 60_000_000))
        #expect(try labels(first + [(5, .telemetry)]).registration == "provisioned")
        #expect(try labels(first + [(5, .telemetry)]).connection == "connected")
    }

    @Test func `another identity generation is a new life without any lifecycle event`() throws {
        let facts: [(Int64, Word)] = [(0, .generation("1")), (1, .lifecycle("disabled")), (2, .connectivity("disconnected"))]
        #expect(try labels(facts).registration == "blocked")
        #expect(try labels(facts).lifeStart == nil)
        let after = try labels(facts + [(3, .generation("2"))])
        #expect(after.registration == "provisioned")
        #expect(after.connection == "connected")
        #expect(after.lifeStart == Timestamp(microseconds: Timestamp.sample.microseconds + 3 * 60_000_000))
    }

    @Test func `telemetry after a disconnect proves a connection`() throws {
        #expect(try connection((0, .telemetry)) == "unknown")
        #expect(try connection((0, .connectivity("connected"))) == "connected")
        #expect(try connection((0, .connectivity("connected")), (2, .connectivity("disconnected"))) == "disconnected")
        #expect(try connection((1, .telemetry), (2, .connectivity("disconnected"))) == "disconnected")
        #expect(try connection((2, .connectivity("disconnected")), (3, .telemetry)) == "connected")
    }

    @Test func `a word with the hub's number wins over one without that is a minute later at most`() throws {
        #expect(try connection((0, .hub(true, 2)), (0, .hub(false, 1))) == "connected")
        #expect(try connection((0, .hub(false, 2)), (9, .hub(true, 1))) == "disconnected", "The number counts, not the clock")
        #expect(try connection((0, .hub(true, 1)), (1, .connectivity("disconnected"))) == "connected")
        #expect(try connection((0, .hub(true, 1)), (2, .connectivity("disconnected"))) == "disconnected")
        #expect(try connection((0, .connectivity("disconnected")), (30, .hub(true, 1))) == "connected")
    }

    @Test func `blocking hides what a device is and letting it in again brings it back`() throws {
        var random = SplitMix(state: 31)
        let types = ["registered", "deleted", "provisioned", "enabled", "displayNameChanged"]
        for _ in 0..<60 {
            var words: [(Int64, Word)] = [(0, .lifecycle("enabled"))]
            for minute in 1...Int64(1 + random.below(8)) {
                switch random.below(9) {
                case 0: words.append((minute, .telemetry))
                case 1: words.append((minute, .connectivity(["connected", "disconnected"][random.below(2)])))
                case 2: words.append((minute, .hub(random.below(2) == 0, random.below(20))))
                case 4: words.append((minute, .flags(["\"approved\":false,", "\"provisioned\":true,", "\"provisioned\":false,"][random.below(3)])))
                case 3: words.append((minute, .generation("\(random.below(3))")))
                default: words.append((minute, .lifecycle(types[random.below(types.count)])))
                }
            }
            let before = try labels(words)
            let blocked = try labels(words + [(20, .lifecycle("disabled"))])
            #expect(blocked.registration == (before.registration == "deleted" ? "deleted" : "blocked"))
            #expect(blocked.connection == before.connection)
            let after = try labels(words + [(20, .lifecycle("disabled")), (21, .lifecycle("enabled"))])
            // Letting a device in approves it too, which is another fact.
            #expect(after.registration == (try labels(words + [(21, .lifecycle("enabled"))]).registration), "\(words)")
            if !["unknown", "unapproved"].contains(before.registration) { #expect(after.registration == before.registration, "\(words)") }
            #expect(after.connection == before.connection)
        }
    }

    @Test func `how the sources are interleaved makes no difference`() throws {
        let facts: [[(Int64, Word)]] = [
            [(0, .lifecycle("registered")), (3, .connectivity("connected")), (5, .lifecycle("disabled"))],
            [(1, .telemetry), (4, .hub(false, 3)), (5, .lifecycle("enabled"))],
            [(2, .lifecycle("provisioned")), (2, .generation("1")), (5, .generation("2"))],
        ]
        var states: [DeviceState] = []
        for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
            var folded = DeviceHistory()
            for source in order { folded = history(facts[source], source: Int32(source + 1), into: folded) }
            states.append(try #require(folded.state))
        }
        #expect(states[0] == states[1] && states[0] == states[2])
        #expect(
            states[0].access == DeviceState.Fact(value: .enabled, time: states[0].lastSeen, source: 2, offset: 2), "At one time the greater source")
    }

    @Test(
        arguments: [
            (24, 23, 1, true), (24, 22, 2, true), (24, 21, 2, true), (24, 25, 2, true), (24, 26, 2, false), (24, 20, 1, false), (24, 23, 3, false),
            (3, 3, 1, false), (4, 4, 1, true), (1, 4, 4, false),
        ] as [(Int64, Int64, Int64, Bool)])
    func `one change of connection per hour over many hours is the renewal of a token`(hours: Int64, changes: Int64, most: Int64, isRenewal: Bool)
        throws
    {
        var connection = try TestDatabase.connect()
        #expect(try connection.queryOne(SelectIsTokenRenewal(hours: hours, changes: changes, most: most)) == isRenewal)
    }
}

private struct SelectIsTokenRenewal: Statement {
    let hours: Int64
    let changes: Int64
    let most: Int64

    static let sql = "SELECT hindcast.is_token_renewal($1, $2, $3)"

    func bind(to parameters: inout Parameters) {
        parameters.append(hours)
        parameters.append(changes)
        parameters.append(most)
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> Bool { try row.bool(0) }
}
