import Diagnostics
import EventLog
import LogSupport
import Postgres
import Projections
import TestSupport
import Testing

/// From events to causes. Every case of docs/diagnosis.md that this binary's folds feed.
@Suite(.database) struct DiagnosisTests {
    private func story(_ device: String, template: String? = pumpID, _ tell: (inout DeviceStory) -> Void) throws -> DeviceStory {
        var story = DeviceStory(device, template: template, now: try Timestamp.databaseNow())
        tell(&story)
        return story
    }

    /// Tells one device's story beside a healthy one, and says what the views say of it.
    private func said(template: String? = pumpID, _ tell: (inout DeviceStory) -> Void) throws -> Said {
        try publish(pumpTemplate())
        try happen([try story("dev", template: template, tell), try story("fine") { $0.send() }])
        #expect(try Said("fine").causes == [])
        #expect(try Said("fine").health == "healthy")
        return try Said("dev")
    }

    @Test func `a device that sends what its template says is healthy and has no cause`() throws {
        let said = try said {
            $0.tell("device.registered", minutesAgo: 60)
            $0.tell("device.connected", minutesAgo: 50)
            for minute in 0..<30 { $0.send(minutesAgo: Double(30 - minute)) }
        }
        #expect(said.registration == "provisioned" && said.health == "healthy" && said.reasons == [] && said.causes == [])
        #expect(try number("SELECT messages_24h FROM diagnostics.device_health WHERE device_id = 'dev'") == 32)
    }

    @Test func `blocked comes first, and a device that is let in again is what it was before`() throws {
        let said = try said {
            $0.tell("telemetry", #"{"temperature":"warm"}"#, minutesAgo: 9)
            $0.tell("device.disabled", minutesAgo: 5)
        }
        #expect(said.registration == "blocked" && said.health == "blocked" && said.reasons == ["blocked"])
        #expect(said.causes == ["blocked/certain", "wrong-type/certain"])
        try happen([try story("dev") { $0.tell("device.enabled", minutesAgo: 4) }])
        let after = try Said("dev")
        #expect(after.registration == "provisioned" && after.health == "failing" && after.reasons == ["schema-mismatch"])
        #expect(after.causes == ["wrong-type/certain"])
    }

    @Test func `a device that waits for approval is not approved`() throws {
        let said = try said { $0.tell("device.registered", #"{"approved":false}"#, minutesAgo: 5) }
        #expect(said.registration == "unapproved" && said.health == "blocked" && said.reasons == ["not-approved"])
        #expect(said.causes.first == "not-approved/certain")
    }

    @Test func `a deleted device is counted beside the fleet, and a new life does not know the old one`() throws {
        let said = try said {
            $0.tell("device.disabled", minutesAgo: 30)
            $0.send(minutesAgo: 20)
            $0.tell("device.deleted", minutesAgo: 10)
        }
        #expect(said.registration == "deleted" && said.health == "unknown" && said.reasons == ["deleted"])
        #expect(said.causes.first == "deleted/certain")
        #expect(try number("SELECT devices * 10 + deleted FROM diagnostics.fleet_summary WHERE tenant = 'app'") == 11)
        try happen([try story("dev") { $0.tell("device.registered", minutesAgo: 5) }])
        let reborn = try Said("dev")
        #expect(reborn.registration == "registered" && reborn.health == "unknown")
        #expect(reborn.causes.first == "not-provisioned/likely")
        #expect(try number("SELECT devices * 10 + deleted FROM diagnostics.fleet_summary WHERE tenant = 'app'") == 20)
    }

    @Test func `a registered device that never signed in is not provisioned`() throws {
        let said = try said(template: nil) { $0.tell("device.registered", minutesAgo: 5) }
        #expect(said.registration == "registered" && said.health == "unassigned")
        #expect(said.causes == ["not-provisioned/likely", "not-assigned/possible"])
    }

    @Test func `a device without a template is not assigned, until it is`() throws {
        let said = try said(template: nil) { $0.send(minutesAgo: 5) }
        #expect(said.health == "unassigned" && said.reasons == ["template-unassigned"])
        #expect(said.causes == ["not-assigned/certain"])
        try happen([try story("dev") { $0.send(minutesAgo: 1) }])
        #expect(try Said("dev").causes == ["not-assigned/possible"])
    }

    @Test(arguments: [
        (#"{"Temperature":1}"#, "wrong-case"), (#"{"humidity":1}"#, "wrong-name"), (#"{"temperature":"warm"}"#, "wrong-type"),
        (#"{"target":1}"#, "wrong-kind"), (#"[]"#, "malformed-json"),
    ])
    func `what is wrong with messages is a cause with its event`(data: String, cause: String) throws {
        let said = try said { $0.tell("telemetry", data, minutesAgo: 3) }
        #expect(said.causes == ["\(cause)/certain"])
        #expect(["failing", "degraded"].contains(said.health))
        #expect(try number("SELECT evidence_source * 1000 + evidence_offset FROM diagnostics.device_diagnosis WHERE device_id = 'dev'") == 1000)
    }

    @Test func `a template that is not there is unknown`() throws {
        let said = try said(template: "dtmi:test:unheard;1") { $0.send(minutesAgo: 3) }
        #expect(said.causes == ["template-unknown/certain"])
    }

    @Test func `a device that stopped is silent, and its disconnect explains it`() throws {
        let said = try said { for minute in 0..<5 { $0.send(minutesAgo: Double(200 - minute)) } }
        #expect(said.health == "silent" && said.reasons == ["silent"] && said.causes == ["silent/possible"])
        try happen([try story("dev") { $0.tell("device.disconnected", minutesAgo: 190) }])
        #expect(try Said("dev").causes == ["not-connected/likely", "silent/possible"])
    }

    @Test func `who is overdue since the last look is silent when the query runs`() throws {
        let said = try said { for minute in 0..<5 { $0.send(minutesAgo: Double(14 - minute)) } }
        #expect(said.health == "healthy")
        var superuser = try TestDatabase.connect()
        try superuser.execute(
            script: """
                UPDATE hindcast.device_snapshot SET silent_after = now() - interval '1 second'
                WHERE device_key = (SELECT device_key FROM hindcast.device WHERE device_id = 'dev')
                """)
        let overdue = try Said("dev")
        #expect(overdue.health == "silent" && overdue.reasons == ["silent"])
        #expect(try Said("fine").health == "healthy")
    }

    @Test func `a source that stops is one cause, and no thousands of silent devices`() throws {
        try publish(pumpTemplate())
        try happen(
            try (0..<12).map { index in
                try story("dev-\(index)") { for minute in 0..<5 { $0.send(minutesAgo: Double(300 - minute)) } }
            })
        let silent = try Said("dev-3")
        #expect(silent.health == "unknown" && silent.reasons == ["source-silent"] && silent.causes == ["source-silent/likely"])
        #expect(try number("SELECT unknown FROM diagnostics.fleet_summary") == 12)
        #expect(try number("SELECT devices FROM diagnostics.fleet_causes WHERE cause = 'source-silent'") == 12)
        #expect(try number("SELECT count(*) FROM diagnostics.fleet_causes") == 1)
        // One comes back, so the source is not to blame for the others.
        try happen([try story("dev-3") { $0.send() }])
        #expect(try Said("dev-3").health == "healthy")
        #expect(try Said("dev-4").health == "silent")
        #expect(try number("SELECT silent FROM diagnostics.fleet_summary") == 11)
    }

    @Test func `a source that has ended is not to blame once the one that took its place brings something`() throws {
        try publish(pumpTemplate())
        try happen(
            try (0..<12).map { index in
                try story("dev-\(index)") { for minute in 0..<5 { $0.send(minutesAgo: Double(300 - minute)) } }
            })
        var admin = try TestDatabase.connect(role: "hindcast_admin")
        #expect(try LogSources.startNewLife(of: 1, on: &admin) == 2)
        try refreshSnapshot()
        #expect(try Said("dev-4").causes == ["source-silent/likely"])
        try happen([try story("dev-3") { $0.send() }])
        #expect(try number("SELECT last_source FROM hindcast.device_snapshot WHERE health = 'healthy'") == 2)
        #expect(try Said("dev-4").causes == ["silent/possible"])
        #expect(try number("SELECT silent FROM diagnostics.fleet_summary") == 11)
    }

    @Test func `a connection that breaks again and again is unstable, the renewal of tokens is not`() throws {
        let said = try said {
            for minute in stride(from: 50.0, to: 10, by: -8) {
                $0.tell("device.connected", minutesAgo: minute)
                $0.tell("device.disconnected", minutesAgo: minute - 4)
            }
            $0.tell("device.connected", minutesAgo: 5)
            $0.send(minutesAgo: 1)
        }
        #expect(said.causes == ["unstable-connection/likely"] && said.health == "degraded")
        let renewing = try story("renewing") {
            for hour in 0..<12 {
                $0.tell("device.disconnected", minutesAgo: Double(hour) * 62 + 3)
                $0.tell("device.connected", minutesAgo: Double(hour) * 62 + 2.5)
            }
            $0.send(minutesAgo: 1)
        }
        try happen([renewing])
        #expect(try Said("renewing").causes == [])
    }

    @Test func `messages that arrive several times are repeated`() throws {
        let said = try said { for _ in 0..<5 { $0.tell("telemetry", #"{"temperature":1.5}"#, minutesAgo: 2, id: "same") } }
        #expect(said.causes == ["repeated-messages/likely"] && said.health == "degraded")
    }

    @Test func `a delay that grows is a sign of throttling`() throws {
        let said = try said {
            for minute in 0..<40 { $0.tell("telemetry", #"{"temperature":1}"#, minutesAgo: 600 - Double(minute), delayedBy: 1) }
            for minute in 0..<10 { $0.tell("telemetry", #"{"temperature":1}"#, minutesAgo: 20 - Double(minute), delayedBy: 200) }
        }
        #expect(said.causes == ["throttled/possible"])
    }

    @Test(arguments: [
        "moved-hub", "credentials-expired", "two-clients", "quota-exceeded", "throttled", "message-too-large", "file-upload-failed", "deleted",
    ])
    func `an error report is a certain cause, and telemetry ends those that keep a device from sending`(cause: String) throws {
        _ = try said { $0.send(minutesAgo: 9) }
        try report(cause)
        let reported = try Said("dev")
        #expect(reported.causes == ["\(cause)/certain"] && reported.health == "degraded" && reported.reasons == [cause])
        try happen([try story("dev") { $0.send(minutesAgo: 1) }])
        let ends = ["moved-hub", "credentials-expired", "quota-exceeded", "deleted"].contains(cause)
        #expect(try Said("dev").causes == (ends ? [] : ["\(cause)/certain"]))
    }

    @Test func `blocked by a service's word is likely, and an operator who lets the device in ends it`() throws {
        _ = try said { $0.send(minutesAgo: 9) }
        try report("blocked")
        #expect(try Said("dev").causes == ["blocked/likely"])
        try happen([try story("dev") { $0.tell("device.enabled", minutesAgo: 1) }])
        #expect(try Said("dev").causes == [])
    }

    @Test func `errors of the service are possible`() throws {
        _ = try said { $0.send(minutesAgo: 9) }
        try report("platform-error")
        #expect(try Said("dev").causes == ["platform-error/possible"])
    }

    @Test func `an export that is switched off after its devices fell silent explains their silence, until it is on again`() throws {
        _ = try said { $0.send(minutesAgo: 120) }
        #expect(try Said("dev").causes == ["silent/possible"])
        // Without an event of the device, and before the time that its row names.
        try toggle(false, minutesAgo: 119)
        #expect(try Said("dev").causes == ["export-off/likely", "silent/possible"])
        #expect(try evidence(of: "dev") == "1:2")
        // Of several words the last counts.
        try toggle(true, minutesAgo: 100)
        #expect(try Said("dev").causes == ["silent/possible"])
    }

    @Test func `an export that is off explains nothing of a device that may not send, and has it looked at once`() throws {
        _ = try said {
            $0.send(minutesAgo: 120)
            $0.tell("device.disabled", minutesAgo: 110)
        }
        try toggle(false, minutesAgo: 119)
        #expect(try Said("dev").causes == ["blocked/certain"])
        func looked() throws -> Int64 {
            try number("SELECT (extract(epoch FROM as_of) * 1000000)::bigint FROM hindcast.device_snapshot WHERE health = 'blocked'")
        }
        let before = try looked()
        try refreshSnapshot()
        #expect(try looked() == before)
    }

    @Test func `an acknowledgement ahead of what was desired is wrong`() throws {
        _ = try said { $0.send(minutesAgo: 9) }
        let twin = try story("dev") {
            $0.add(minutesAgo: 5) { .routedTwin(device: $0, "desired", #"{"target":5,"$version":3}"#, at: $1) }
            $0.add(minutesAgo: 4) { .routedTwin(device: $0, "reported", #"{"target":{"value":5,"ac":200,"av":3},"$version":6}"#, at: $1) }
        }
        try happen([twin], partition: 1, tenant: "app")
        #expect(try Said("dev").causes == [])
        let ahead = try story("dev") {
            $0.add(minutesAgo: 3) { .routedTwin(device: $0, "reported", #"{"target":{"value":5,"ac":200,"av":9},"$version":7}"#, at: $1) }
        }
        try happen([ahead], partition: 1, tenant: "app")
        #expect(try Said("dev").causes == ["acknowledgement-wrong/certain"])
    }

    /// Has a service report an error five minutes ago: the first of the catalogue that speaks for the cause.
    private func report(_ cause: String) throws {
        let code = try #require(ErrorCatalogue.codes.first { $0.cause == cause })
        try happen([try story("dev") { $0.report(code, minutesAgo: 5) }])
    }

    /// Has an export be switched, by a word that is about no device.
    private func toggle(_ isEnabled: Bool, minutesAgo: Double) throws {
        let data = #"{"export":"main","enabled":\#(isEnabled)}"#
        try happen([try story("", template: nil) { $0.tell("export.toggled", data, minutesAgo: minutesAgo) }])
    }
}
