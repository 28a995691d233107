import Diagnostics
import JSON

/// A capture of native CloudEvents about a small fleet: what happens to devices, one minute apart.
struct FleetCapture {
    static let tenant = "plant"
    static let templateID = "dtmi:hindcast:test:Fleet;1"
    static let template = """
        {"@context":"dtmi:dtdl:context;2","@id":"\(templateID)","@type":"Interface","contents":[
        {"@type":"Telemetry","name":"flow","schema":"double"},{"@type":"Property","name":"serial","schema":"string"},
        {"@type":"Property","name":"limit","schema":"integer","writable":true}]}
        """

    private(set) var text = ""
    private(set) var count = 0
    /// The time of the next event.
    var time: Timestamp

    /// Begins at a time; an hour before a test, so that it counts for the last day.
    init(at time: Timestamp) { self.time = time }

    /// Adds an event and says when it happened.
    @discardableResult
    mutating func add(_ type: String, _ device: String, _ data: String? = nil, tenant: String = Self.tenant, names template: Bool = false)
        -> Timestamp
    {
        let now = time
        time = Timestamp(microseconds: time.microseconds + 60_000_000)
        var members: [JSONTree.Member] = [
            .init(key: "specversion", value: .string("1.0")), .init(key: "id", value: .string("n-\(count)")),
            .init(key: "source", value: .string(tenant)), .init(key: "type", value: .string("dev.hindcast.\(type)")),
            .init(key: "subject", value: .string(device)), .init(key: "time", value: .string(now.rfc3339)),
        ]
        if template { members.append(.init(key: "dataschema", value: .string(Self.templateID))) }
        if let data, let tree = try? JSONTree.parse(Array(data.utf8)) { members.append(.init(key: "data", value: tree)) }
        let line = JSONTree.object([
            "topic": .string("fleet"), "partition": .integer(0), "offset": .integer(count), "tstype": .string("create"),
            "ts": .integer(now.microseconds / 1000),
            "headers": .array([.string("content-type"), .string("application/cloudevents+json")]), "key": .string(device),
            "payload": .string(Self.text(.object(members))),
        ])
        text += Self.text(line) + "\n"
        count += 1
        return now
    }

    /// Telemetry that names the template.
    @discardableResult
    mutating func telemetry(_ device: String, _ values: String, tenant: String = Self.tenant) -> Timestamp {
        add("telemetry", device, values, tenant: tenant, names: true)
    }

    private static func text(_ tree: JSONTree) -> String {
        var writer = JSONWriter()
        writer.tree(tree)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    /// A fleet with a healthy device, one that sends text for a number, one that is blocked, one with properties and a refused token, one whose property is a number for a text, one whose id is the
    /// name of two devices, and one whose id wants to steer the terminal.
    static func fleet(at time: Timestamp) -> FleetCapture {
        var capture = FleetCapture(at: time)
        for type in ["registered", "provisioned", "connected"] { capture.add("device.\(type)", "pump-1") }
        for value in 1...3 { capture.telemetry("pump-1", "{\"flow\":\(value).5}") }
        for value in 1...3 { capture.telemetry("pump-2", "{\"flow\":\"\(value)\"}") }
        capture.telemetry("pump-3", "{\"flow\":1}")
        capture.add("device.disabled", "pump-3")
        capture.add("property.desired", "Valve-1", #"{"limit":80}"#, names: true)
        capture.add("property.reported", "Valve-1", #"{"serial":"A-17","limit":{"value":80,"ac":200,"av":1,"ad":"done"}}"#, names: true)
        capture.add("device.error", "Valve-1", #"{"origin":"dps","status":401,"subcode":"401002","message":"The token has expired"}"#)
        capture.telemetry("twin", "{\"flow\":1}")
        capture.telemetry("twin", "{\"flow\":1}", tenant: "other")
        capture.telemetry("bad\u{1B}[31mred", "{\"flow\":1}")
        capture.add("property.reported", "Valve-2", #"{"serial":5}"#, names: true)
        return capture
    }
}
