import Diagnostics
import LogSupport
import Postgres
import Projections
import TestSupport
import Testing

/// From records, as services write them, to the cause that comes first: every rule, and every code of an error that speaks for one.
@Suite(.database) struct RecordCauseTests {
    /// Rules whose records name no device, or that need a template which cannot be used: no case stands for those.
    private static let withoutCase: Set<Rule> = [.deviceIDMissing, .ruleFailed]

    @Test func `there is a case for every rule that speaks for a cause`() {
        let cases = Set(RuleCase.all.map(\.rule)).union(Self.withoutCase)
        #expect(cases == Set(Rule.allCases.filter { $0.entry.severity > .info }))
    }

    @Test func `what breaks a rule is the first cause with its newest event, and what keeps it is none`() throws {
        try publish(stationTemplate())
        let now = try Timestamp.databaseNow()
        var stories: [DeviceStory] = []
        for (number, example) in RuleCase.all.enumerated() {
            var bad = DeviceStory("bad-\(number)", now: now)
            var good = DeviceStory("good-\(number)", now: now)
            for minutes in [9.0, 5] {
                bad.add(minutesAgo: minutes, example.bad)
                good.add(minutesAgo: minutes, example.good)
            }
            stories += [bad, good]
        }
        try happen(stories, tenant: "app")
        let causes = try causesOfRules()
        for (number, example) in RuleCase.all.enumerated() {
            let said = try Said("bad-\(number)")
            #expect(said.causes.first == "\(causes[example.rule.rawValue] ?? "none")/certain", "\(example.rule): \(said)")
            #expect(said.health == "unassigned" || said.reasons.contains(example.rule.rawValue), "\(example.rule): \(said)")
            // Four records a case: bad, bad, good, good.
            #expect(try evidence(of: "bad-\(number)") == "1:\(4 * number + 1)", "\(example.rule)")
            #expect(try Said("good-\(number)").causes == example.ofGood, "\(example.rule)")
        }
    }

    @Test func `a template that this program cannot use speaks for the cause that the table names`() throws {
        try publish(pumpTemplate())
        var superuser = try TestDatabase.connect()
        try superuser.execute(
            script: """
                ALTER TABLE hindcast.template_version DISABLE TRIGGER template_version_immutable;
                UPDATE hindcast.template_version SET document = 'not JSON'
                """)
        var story = DeviceStory("dev", now: try Timestamp.databaseNow())
        story.send(minutesAgo: 5)
        try happen([story])
        let said = try Said("dev")
        #expect(said.causes.first == "envelope-broken/certain" && said.reasons == ["rule-failed"])
        #expect(try evidence(of: "dev") == "1:0")
    }

    /// The confidence of causes of errors that are less than certain.
    private static let confidence = ["blocked": "likely", "not-provisioned": "likely", "not-connected": "likely", "platform-error": "possible"]
    /// Causes that telemetry proves over.
    private static let ending: Set = [
        "blocked", "deleted", "moved-hub", "credentials-expired", "not-provisioned", "quota-exceeded", "not-connected", "platform-error",
    ]

    @Test func `every code that speaks for a cause is the first one with its newest report, until telemetry proves it over`() throws {
        try publish(pumpTemplate())
        let now = try Timestamp.databaseNow()
        var stories: [DeviceStory] = []
        for code in ErrorCatalogue.codes {
            var lasting = DeviceStory("lasting-\(code.label)", now: now)
            var over = DeviceStory("over-\(code.label)", now: now)
            for minutes in [9.0, 5] {
                lasting.report(code, minutesAgo: minutes)
                over.report(code, minutesAgo: minutes)
            }
            lasting.send(minutesAgo: 10)
            over.send(minutesAgo: 1)
            stories += [lasting, over]
        }
        try happen(stories)
        for (number, code) in ErrorCatalogue.codes.enumerated() {
            let causes = code.cause.isEmpty ? [] : ["\(code.cause)/\(Self.confidence[code.cause] ?? "certain")"]
            #expect(try Said("lasting-\(code.label)").causes == causes, "\(code.label)")
            #expect(try Said("over-\(code.label)").causes == (Self.ending.contains(code.cause) ? [] : causes), "\(code.label)")
            // Six records a code: report, report, telemetry, and the same again.
            if !causes.isEmpty { #expect(try evidence(of: "lasting-\(code.label)") == "1:\(6 * number + 1)", "\(code.label)") }
        }
    }

    @Test func `a code that nobody knows speaks for no cause unless its status does`() throws {
        try publish(pumpTemplate())
        var story = DeviceStory("dev", now: try Timestamp.databaseNow())
        story.send(minutesAgo: 9)
        story.tell("device.error", #"{"origin":"hub","status":418,"subcode":"418001"}"#, minutesAgo: 5)
        // A number means what its origin says.
        story.tell("device.error", #"{"origin":"adapter","status":401}"#, minutesAgo: 5)
        try happen([story])
        #expect(try Said("dev").causes == [])
        story = DeviceStory("dev", now: try Timestamp.databaseNow())
        story.tell("device.error", #"{"origin":"hub","status":429,"subcode":"429999"}"#, minutesAgo: 4)
        try happen([story])
        #expect(try Said("dev").causes == ["throttled/certain"])
    }

    @Test(arguments: [(3600.0, 3, true), (3599, 3, false), (3600, 2, false)])
    func `a delay of an hour that has not grown is possibly a clock that is off`(seconds: Double, messages: Int, isOff: Bool) throws {
        try publish(pumpTemplate())
        let now = try Timestamp.databaseNow()
        var story = DeviceStory("dev", now: now)
        for minutes in 1...messages {
            // Without the hub's own time, so that nothing but the delay tells.
            story.add(minutesAgo: Double(minutes)) { device, time in
                let clock = (time - .milliseconds(Int(seconds * 1000))).rfc3339
                return .routed(
                    device: device, #"{"temperature":1}"#, template: pumpID, more: [("iothub-creation-time-utc", clock)], at: time)
            }
        }
        try happen([story], tenant: "app")
        let said = try Said("dev")
        #expect(said.causes == (isOff ? ["clock-wrong/possible"] : []) && said.health == (isOff ? "degraded" : "healthy"))
        // The newest message was told first.
        if isOff { #expect(try evidence(of: "dev") == "1:0") }
    }

    /// Messages of ten hours ago and of now, with their delays in seconds.
    struct Growth {
        var pastMessages = 20
        var pastDelay = 12.0
        var messages = 3
        var delay = 60.0
        let causes: [String]
    }

    @Test(arguments: [
        Growth(causes: ["throttled/possible"]), Growth(messages: 121, causes: ["throttled/likely"]), Growth(delay: 59, causes: []),
        Growth(pastDelay: 12.1, causes: []), Growth(pastMessages: 19, causes: []), Growth(messages: 2, causes: []),
    ])
    func `a delay of a minute that is five times what it was is a sign of throttling, less is none`(growth: Growth) throws {
        try publish(pumpTemplate())
        let now = try Timestamp.databaseNow()
        var story = DeviceStory("dev", now: now)
        // All of the past in one hour, since its rate counts.
        let past = Double(now.microseconds % 3_600_000_000) / 60_000_000 + 570
        for message in 0..<growth.pastMessages {
            story.tell("telemetry", #"{"temperature":1}"#, minutesAgo: past - Double(message) / 10, delayedBy: growth.pastDelay)
        }
        for message in 0..<growth.messages {
            story.tell("telemetry", #"{"temperature":1}"#, minutesAgo: 2 - Double(message) / 100, delayedBy: growth.delay)
        }
        try happen([story])
        #expect(try Said("dev").causes == growth.causes)
    }

    @Test(arguments: [(3, false), (4, true)]) func `four changes of the connection in a day are unstable, three are not`(
        changes: Int, isUnstable: Bool
    ) throws {
        try publish(pumpTemplate())
        let now = try Timestamp.databaseNow()
        var story = DeviceStory("dev", now: now)
        // In the middle of the hour before, since changes are counted by the hour.
        let middle = Double(now.microseconds % 3_600_000_000) / 60_000_000 + 30
        for change in 0..<changes {
            story.tell("device.connected", minutesAgo: middle - Double(change))
            story.tell("device.disconnected", minutesAgo: middle - Double(change) - 0.5)
        }
        story.send(minutesAgo: 1)
        try happen([story])
        #expect(try Said("dev").causes == (isUnstable ? ["unstable-connection/likely"] : []))
    }

    @Test(arguments: [(2, 0, false), (3, 0, true), (3, 297, true), (3, 298, false)])
    func `three repetitions, and one in a hundred, are repeated messages`(again: Int, others: Int, isRepeated: Bool) throws {
        try publish(pumpTemplate())
        var story = DeviceStory("dev", now: try Timestamp.databaseNow())
        for _ in 0...again { story.tell("telemetry", #"{"temperature":1.5}"#, minutesAgo: 2, id: "same") }
        // Those and the first of the same are no repetition.
        for other in 0..<max(others - 1, 0) { story.send(minutesAgo: 1 + Double(other) / 1000) }
        try happen([story])
        #expect(try Said("dev").causes == (isRepeated ? ["repeated-messages/likely"] : []))
    }

    private func causesOfRules() throws -> [String: String] {
        var connection = try TestDatabase.connect(role: "hindcast_project")
        return Dictionary(uniqueKeysWithValues: try connection.query(SelectRuleCauses()))
    }
}

private struct SelectRuleCauses: Statement {
    static let sql = "SELECT rule, cause FROM hindcast.rule_cause"

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> (String, String) { (try row.string(0), try row.string(1)) }
}
