import Diagnostics
import Testing

/// What events say of exports, and what they only seem to say.
struct ExportFoldTests {
    private static let time = Timestamp(microseconds: 1_704_164_645_123_000)

    /// What a record comes to: nil for nothing.
    private static func change(_ record: SampleRecord) -> ExportChange? {
        ExportFixture.decoding(record) { event, view, decoder in
            var fold = ExportFold()
            fold.apply(event, view, decoder: decoder, offset: 7)
            #expect(fold.changes.allSatisfy { $0.offset == 7 && $0.tenant == SampleExport.application })
            return fold.changes.first?.change
        }
    }

    /// An audit message of IoT Central.
    private static func audit(_ type: String, _ members: String) -> ExportChange? {
        change(SampleRecord(SampleExport.message(source: "audit", type: type, device: nil, template: nil, members: "," + members)))
    }

    private static func resource(_ type: String, id: String = #""e1""#) -> String { #""resource":{"type":"\#(type)","id":\#(id)}"# }

    @Test(arguments: ["export", "dataExport", "Data-Export", "continuousDataExport", "DATAEXPORTDEFINITION"])
    func `an audit message tells of an export that is made, removed and switched, however its type is spelled`(type: String) {
        let resource = Self.resource(type)
        #expect(Self.audit("created", resource) == ExportChange(.defined, time: Self.time, exportID: "e1", since: Self.time))
        #expect(Self.audit("deleted", resource) == ExportChange(.removed, time: Self.time, exportID: "e1"))
        #expect(Self.audit("updated", resource + #","updated":{"enabled":false}"#) == ExportChange(.disabled, time: Self.time, exportID: "e1"))
        #expect(
            Self.audit("updated", #""updated":{"displayName":"x","enabled":true},"actor":{"id":"ada"},"# + resource)
                == ExportChange(.enabled, time: Self.time, exportID: "e1"))
    }

    @Test(arguments: ["destination of an export", "dataExportDestination", "exportDestination"])
    func `an audit message tells of a destination that is made and removed, for every export that sends there`(type: String) {
        let resource = Self.resource(type)
        #expect(
            Self.audit("created", resource)
                == ExportChange(.destinationDefined, time: Self.time, exportID: "", destinationID: "e1", since: Self.time))
        #expect(
            Self.audit("deleted", resource) == ExportChange(.destinationRemoved, time: Self.time, exportID: "", destinationID: "e1"))
        #expect(Self.audit("updated", resource + #","updated":{"enabled":false}"#) == nil, "a destination has no switch")
    }

    @Test(arguments: [
        ("updated", #""resource":{"type":"dataExport","id":"e1"}"#), ("updated", #""resource":{"type":"dataExport","id":"e1"},"updated":{}"#),
        ("updated", #""resource":{"type":"dataExport","id":"e1"},"updated":{"displayName":"x"}"#),
        ("updated", #""resource":{"type":"dataExport","id":"e1"},"updated":{"enabled":"false"}"#),
        ("updated", #""resource":{"type":"dataExport","id":"e1"},"updated":{"enabled":0}"#),
        ("updated", #""resource":{"type":"dataExport","id":"e1"},"updated":{"enabled":null}"#),
        ("updated", #""resource":{"type":"dataExport","id":"e1"},"updated":[true]"#),
        ("updated", #""resource":{"type":"dataExport","id":"e1"},"enabled":false"#),
        ("created", #""resource":{"type":"device","id":"e1"}"#), ("created", #""resource":{"type":"destination","id":"e1"}"#),
        ("created", #""resource":{"type":"","id":"e1"}"#), ("created", #""resource":{"id":"e1"}"#),
        ("created", #""resource":{"type":"dataExport"}"#), ("created", #""resource":{"type":"dataExport","id":""}"#),
        ("created", #""resource":{"type":"dataExport","id":7}"#), ("created", #""resource":{"type":7,"id":"e1"}"#),
        ("created", #""resource":"dataExport""#), ("created", #""resource":["dataExport","e1"]"#), ("created", #""resource":null"#),
        ("created", #""actor":{"type":"dataExport","id":"e1"}"#), ("read", #""resource":{"type":"dataExport","id":"e1"}"#),
        ("Created", #""resource":{"type":"dataExport","id":"e1"}"#), ("deletion", #""resource":{"type":"dataExport","id":"e1"}"#),
    ])
    func `an audit message that does not say what became of which export says nothing`(type: String, members: String) {
        #expect(Self.audit(type, members) == nil)
    }

    @Test func `only audit messages are read so: telemetry and a device's life that name an export say nothing`() {
        let members = #","resource":{"type":"dataExport","id":"e1"},"updated":{"enabled":false}"#
        for source in ["telemetry", "deviceLifecycle", "deviceTemplateLifecycle", "properties"] {
            for type in ["created", "updated", "deleted"] {
                #expect(Self.change(SampleRecord(SampleExport.message(source: source, type: type, members: members))) == nil, "\(source) \(type)")
            }
        }
        #expect(Self.change(SampleRecord(nil)) == nil)
        #expect(Self.change(SampleRecord("{")) == nil)
    }

    @Test func `an id in an audit message is bounded as all that is indexed`() throws {
        let long = String(repeating: "x", count: 5_000)
        let change = try #require(Self.audit("deleted", Self.resource("dataExport", id: #""\#(long)""#)))
        #expect(change.exportID.utf8.count <= 128 && change.exportID.hasPrefix("xxxx"))
    }
}
