import Diagnostics
import JSON
import Testing

/// Exports and destinations as IoT Central's REST API answers them.
struct ExportFileTests {
    private static let telemetryExport = #"""
        {"id":"802894c4-33bc-4f1e-ad64-e886f315cece","displayName":"Enriched Export","enabled":true,"source":"telemetry",
        "filter":"SELECT * FROM dtmi:azurertos:devkit:gsgmxchip;1 WHERE accelerometerX > 0",
        "enrichments":{"Simulated":{"path":"$simulated"},"kind":{"value":"demo"}},
        "destinations":[{"id":"9742a8d9-c3ca-4d8d-8bc7-357bdc7f39d9","transform":"{ device: .device.id }"},{"id":"hub"}],
        "status":"healthy","errors":[{"code":"Throttled","message":"slow down"}],"lastExportTime":"2024-05-01T12:00:00.5Z"}
        """#
    private static let hub = #"""
        {"id":"hub","displayName":"Hub","type":"eventhubs@v1","authorization":{"type":"connectionString",
        "connectionString":"Endpoint=sb://fleet.servicebus.windows.net/;SharedAccessKeyName=Send;SharedAccessKey=q83vEjRWeJ0=;EntityPath=readings"},
        "status":"waiting","lastExportTime":null}
        """#

    @Test func `an export has all that its JSON says`() throws {
        let file = try ExportFixture.file(Self.telemetryExport)
        let definition = try #require(file.exports.first).0
        #expect(definition.exportID == "802894c4-33bc-4f1e-ad64-e886f315cece")
        #expect(definition.displayName == "Enriched Export")
        #expect(definition.isEnabled)
        #expect(definition.source == .telemetry)
        #expect(definition.filter == "SELECT * FROM dtmi:azurertos:devkit:gsgmxchip;1 WHERE accelerometerX > 0")
        #expect(definition.enrichmentKeys == ["Simulated", "kind"])
        #expect(definition.targets.map(\.destinationID) == ["9742a8d9-c3ca-4d8d-8bc7-357bdc7f39d9", "hub"])
        #expect(definition.targets.map(\.hasTransform) == [true, false])
        #expect(definition.status == "healthy")
        #expect(definition.errors == [ExportFault(code: "Throttled", message: "slow down")])
        #expect(definition.lastExportTime == Timestamp(microseconds: 1_714_564_800_500_000))
    }

    @Test func `an event hub's name is read from the connection string, which is kept without its key`() throws {
        let file = try ExportFixture.file(Self.hub)
        let (destination, body) = try #require(file.destinations.first)
        #expect(destination.kind == .eventHubs)
        #expect(destination.authorization == .connectionString)
        #expect(destination.topic == "readings")
        #expect(destination.status == "waiting")
        #expect(destination.lastExportTime == nil)
        #expect(destination.takesSimulatedDevices)
        #expect(!body.contains("q83v"))
        #expect(body.contains("SharedAccessKeyName=Send;SharedAccessKey=*****;EntityPath=readings"))
    }

    @Test func `what is kept reads as what was read`() throws {
        for text in [Self.telemetryExport, Self.hub] {
            let first = try ExportFixture.file(text)
            let bodies = first.exports.map(\.body) + first.destinations.map(\.body)
            let second = try ExportFixture.file(try #require(bodies.first))
            #expect(second.exports.map(\.0) == first.exports.map(\.0))
            #expect(second.destinations.map(\.0) == first.destinations.map(\.0))
            #expect(second.exports.map(\.body) + second.destinations.map(\.body) == bodies)
        }
    }

    @Test func `a file is one object, an array, a page, or both lists`() throws {
        let (export, hub) = (Self.telemetryExport, Self.hub)
        let texts = [
            "[\(export),\(hub)]", #"{"value":[\#(export),\#(hub)]}"#, #"{"exports":[\#(export)],"destinations":[\#(hub)]}"#,
            #"{"exports":{"value":[\#(export)]},"destinations":{"value":[\#(hub)],"nextLink":null}}"#, "\u{FEFF}[\(hub),\(export)]",
        ]
        for text in texts {
            let file = try ExportFixture.file(text)
            #expect(file.exports.map(\.0.exportID) == ["802894c4-33bc-4f1e-ad64-e886f315cece"])
            #expect(file.destinations.map(\.0.destinationID) == ["hub"])
        }
        #expect(try ExportFixture.file(#"{"destinations":[\#(hub)]}"#).destinations.count == 1)
    }

    @Test(arguments: [
        (#"{"type":"systemAssignedManagedIdentity","hostName":"h","eventHubName":"readings"}"#, "systemAssignedManagedIdentity", "readings", false),
        (#"{"type":"connectionString","connectionString":"EntityPath=x"}"#, "connectionString", "x", true),
        (#"{"connectionString":"x"}"#, "connectionString", "", true), (#"{"type":"shiny"}"#, "shiny", "", true), ("null", "", "", true),
    ])
    func `a destination says how the export proves who it is`(authorization: String, type: String, topic: String, takesSimulated: Bool) throws {
        let file = try ExportFixture.file(#"{"id":"d","type":"eventhubs@v1","authorization":\#(authorization)}"#)
        let destination = try #require(file.destinations.first).0
        #expect(destination.authorization.rawValue == type)
        #expect(destination.topic == topic)
        #expect(destination.takesSimulatedDevices == takesSimulated)
    }

    @Test func `older destinations and our own read too`() throws {
        let old = #"{"id":"b","type":"blobstorage@v1","connectionString":"AccountName=a;AccountKey=k","containerName":"c"}"#
        let own = #"{"id":"k","type":"kafka@v1","topic":"exported"}"#
        let hook = #"{"id":"w","type":"webhook@v1","url":"https://example.org/hook?code=1","authorization":{"type":"header","value":"Bearer x"}}"#
        let destinations = try ExportFixture.file("[\(old),\(own),\(hook)]").destinations.map(\.0)
        #expect(destinations.map(\.authorization.rawValue) == ["connectionString", "", "header"])
        #expect(destinations.map(\.topic) == ["", "exported", ""])
    }

    @Test(arguments: [
        ("", "not-json", ""), ("{", "not-json", ""), ("[]", "wrong-shape", ""), ("7", "wrong-shape", ""), ("[7]", "wrong-shape", ""),
        (#"{"id":"e"}"#, "wrong-shape", ""), (#"{"id":"e","source":"telemetry","type":"kafka@v1"}"#, "wrong-shape", ""),
        (#"{"source":"telemetry"}"#, "missing-member", "/id"), (#"{"id":"","source":"telemetry"}"#, "missing-member", "/id"),
        (#"{"id":7,"source":"telemetry"}"#, "wrong-shape", "/id"), (#"{"id":"e","source":"weather"}"#, "unknown-value", "/source"),
        (#"{"id":"e","source":null}"#, "missing-member", "/source"), (#"{"id":"e","source":[]}"#, "wrong-shape", "/source"),
        (#"{"id":"e","source":"telemetry","enabled":"yes"}"#, "wrong-shape", "/enabled"),
        (#"{"id":"e","source":"telemetry","destinations":{}}"#, "wrong-shape", "/destinations"),
        (#"{"id":"e","source":"telemetry","destinations":["d"]}"#, "wrong-shape", "/destinations/0"),
        (#"{"id":"e","source":"telemetry","destinations":[{}]}"#, "missing-member", "/destinations/0/id"),
        (#"{"id":"e","source":"telemetry","lastExportTime":"yesterday"}"#, "unknown-value", "/lastExportTime"),
        (#"{"id":"d","type":"kafka@v1"}"#, "missing-member", "/topic"), (#"{"id":"d","type":""}"#, "missing-member", "/type"),
        (#"{"id":"d","type":"kafka@v1","topic":"t","authorization":"x"}"#, "wrong-shape", "/authorization"),
        (#"[{"id":"d","type":"kafka@v1","topic":"t"},{"id":"d","type":"webhook@v1"}]"#, "repeated-id", "/id"),
        (#"{"exports":7}"#, "wrong-shape", "/exports"),
    ])
    func `what is wrong is named with its place`(text: String, code: String, pointer: String) {
        let error = #expect(throws: ExportFileError.self) { try ExportFixture.file(text) }
        #expect(error?.code.rawValue == code)
        #expect(error?.pointer == pointer)
        #expect(error?.description.contains("exports.json") == true)
    }

    @Test func `the year 1 is no time of a last export, and ids are bounded`() throws {
        let id = String(repeating: "x", count: 300)
        let text = #"{"id":"\#(id)","source":"audit","lastExportTime":"0001-01-01T00:00:00Z","errors":[{},{"code":7},{"code":"a"}]}"#
        let definition = try #require(try ExportFixture.file(text).exports.first).0
        #expect(definition.lastExportTime == nil)
        #expect(definition.exportID.utf8.count == 128)
        #expect(definition.errors.map(\.code) == ["", "", "a"])
    }

    @Test func `5,000 mutations of files are files or errors, and never stop the program`() throws {
        var random = SeededRandom(seed: 7_001)
        var (read, refused) = (0, 0)
        for round in 0..<5000 {
            let seed = [Self.telemetryExport, Self.hub, "[\(Self.telemetryExport),\(Self.hub)]"][round % 3]
            var bytes = Array(seed.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0...2, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                default: bytes.insert(Array("\"\\{}[]:,0n".utf8)[Int.random(in: 0...9, using: &random)], at: place)
                }
            }
            do throws(ExportFileError) {
                let file = try ExportFile.read(bytes, name: "mutated")
                read += 1
                for body in file.exports.map(\.body) + file.destinations.map(\.body) {
                    #expect((try? ExportFile.read(Array(body.utf8), name: "again")) != nil)
                }
            } catch {
                refused += 1
                #expect(!error.description.isEmpty)
            }
        }
        #expect(read > 250 && refused > 250)
    }
}
