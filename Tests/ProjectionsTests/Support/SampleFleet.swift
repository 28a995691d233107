import Catalog
import Diagnostics
import LogSupport
import Postgres
import TestSupport

/// A template with two telemetries, a property and a component.
func pumpTemplate(_ temperature: String = "double", id: String = "dtmi:test:pump;1") -> [UInt8] {
    Array(
        """
        {"@context":"dtmi:dtdl:context;2","@id":"\(id)","@type":"Interface","contents":[
        {"@type":"Telemetry","name":"temperature","schema":"\(temperature)"},
        {"@type":"Telemetry","name":"label","schema":"string"},
        {"@type":"Property","name":"target","schema":"integer","writable":true}]}
        """.utf8)
}

let pumpID = "dtmi:test:pump;1"

/// Publishes as an operator does.
@discardableResult
func publish(_ bytes: [UInt8]) throws -> TemplateVersion {
    var connection = try TestDatabase.connect(role: "hindcast_admin")
    return try Templates.publish(bytes, actor: "ada", on: &connection).version
}

func activate(_ version: String) throws {
    var connection = try TestDatabase.connect(role: "hindcast_admin")
    _ = try Templates.activate(pumpID, version: version, actor: "ada", on: &connection)
}

func assign(_ devices: [String]) throws {
    var connection = try TestDatabase.connect(role: "hindcast_admin")
    _ = try Templates.assign(pumpID, tenant: "", devices: devices, actor: "ada", on: &connection)
}

/// Random messages with every kind of trouble, the same for the same seed. Times jump back and forth within two days.
struct SampleFleet {
    private var random: SplitMix

    init(seed: UInt64) { random = SplitMix(state: seed) }

    mutating func records(_ count: Int) -> [SampleRecord] {
        var records: [SampleRecord] = []
        for _ in 0..<count {
            // Some of what was sent shortly before comes again.
            let isAgain = random.below(10) == 0 && records.count > 20
            records.append(isAgain ? records[records.count - 1 - random.below(20)] : record())
        }
        return records
    }

    private mutating func record() -> SampleRecord {
        let device = "dev-\(random.below(7))"
        let time = Timestamp(
            microseconds: Timestamp.sample.microseconds - Int64(random.below(48)) * 3_600_000_000 + Int64(random.below(3)) * 60_000_000)
        let template = random.below(3) == 0 ? nil : random.below(8) == 0 ? "dtmi:test:unheard;1" : pumpID
        switch random.below(16) {
        case 0, 1, 2: return .telemetry(device: device, #"{"temperature":\#(random.below(90)),"label":"x"}"#, template: template, at: time)
        case 3: return .telemetry(device: device, #"{"Temperature":1.5}"#, template: template, at: time)
        case 4: return .telemetry(device: device, #"{"temperature":"warm","label":7}"#, template: template, at: time)
        // More names than are kept, all of one device.
        case 5, 6: return .telemetry(device: "dev-names", #"{"made up \#(random.below(150))":1}"#, template: pumpID, at: time)
        case 7: return SampleRecord(key: Array(device.utf8), payload: Array(#"{"telemetry":{"#.utf8), brokerTime: time)
        case 8: return .event(device: device, source: "deviceConnectivity", type: ["connected", "disconnected"][random.below(2)], at: time)
        case 9:
            return .event(
                device: device, source: "deviceLifecycle",
                type: ["registered", "deleted", "provisioned", "enabled", "disabled", "displayNameChanged", "deviceTemplateChanged"][random.below(7)],
                at: time)
        case 10: return .properties(device: device, #"[{"name":"target","value":\#(random.below(2) == 0 ? "5" : "5.5")}]"#, at: time)
        case 11: return .hubConnection(device: device, isConnected: random.below(2) == 0, number: random.below(50), at: time)
        case 12:
            let flags = ["approved", "blocked", "provisioned", "simulated"].map { "\"\($0)\":\(random.below(2) == 0)," }.joined()
            return .flags(device: device, flags, at: time)
        case 13, 14:
            return .hubTelemetry(
                device: device, #"{"temperature":1}"#, generation: "6374388392843287\(10 + random.below(30))", delay: random.below(5) * 1_000_000,
                at: time)
        default: return SampleRecord(key: Array(device.utf8), payload: random.below(2) == 0 ? nil : Array("[]".utf8), brokerTime: time)
        }
    }
}

extension SampleRecord {
    /// A word on a connection with the hub's number, as IoT Hub's routes write it.
    static func hubConnection(device: String, isConnected: Bool, number: Int, at time: Timestamp) -> SampleRecord {
        let digits = String(number, radix: 16, uppercase: true)
        let body = "{\"sequenceNumber\":\"\(String(repeating: "0", count: 64 - digits.utf8.count))\(digits)\"}"
        let headers: [(String, [UInt8]?)] = [
            ("deviceId", Array(device.utf8)), ("hubName", Array("fleet".utf8)), ("operationTimestamp", Array(time.rfc3339.utf8)),
            ("iothub-message-source", Array("deviceConnectionStateEvents".utf8)),
            ("opType", Array((isConnected ? "deviceConnected" : "deviceDisconnected").utf8)),
        ]
        return SampleRecord(headers: headers, payload: Array(body.utf8), brokerTime: time)
    }

    /// A word on the connection in the shape of IoT Central's transforms, which says what the device is.
    static func flags(device: String, _ members: String, at time: Timestamp) -> SampleRecord {
        let text = """
            {"messageSource":"deviceConnectivity","messageType":"disconnected","device":{\(members)"id":"\(device)"},"enqueuedTime":"\(time.rfc3339)"}
            """
        return SampleRecord(key: nil, payload: Array(text.utf8), brokerTime: time)
    }

    /// Telemetry as IoT Hub's routes write it, with an identity's mark and the device's clock.
    static func hubTelemetry(device: String, _ body: String, generation: String, delay: Int = 0, at time: Timestamp) -> SampleRecord {
        let sent = Timestamp(microseconds: time.microseconds - Int64(delay))
        let headers: [(String, [UInt8]?)] = [
            ("iothub-connection-device-id", Array(device.utf8)), ("iothub-message-source", Array("Telemetry".utf8)),
            ("iothub-connection-auth-generation-id", Array(generation.utf8)), ("iothub-creation-time-utc", Array(sent.rfc3339.utf8)),
            ("content-type", Array("application/json".utf8)), ("content-encoding", Array("utf-8".utf8)),
        ]
        return SampleRecord(headers: headers, payload: Array(body.utf8), brokerTime: time)
    }

    static func event(device: String, source: String, type: String, at time: Timestamp) -> SampleRecord {
        let text = """
            {"applicationId":"app","messageSource":"\(source)","messageType":"\(type)","deviceId":"\(device)","schema":"default@v1",\
            "enqueuedTime":"\(time.rfc3339)"}
            """
        return SampleRecord(key: nil, payload: Array(text.utf8), brokerTime: time)
    }

    static func properties(device: String, _ properties: String, at time: Timestamp) -> SampleRecord {
        let text = """
            {"applicationId":"app","messageSource":"properties","messageType":"devicePropertyReportedChange","deviceId":"\(device)",\
            "templateId":"\(pumpID)","schema":"default@v1","enqueuedTime":"\(time.rfc3339)","properties":\(properties)}
            """
        return SampleRecord(key: nil, payload: Array(text.utf8), brokerTime: time)
    }
}

/// Steele, Lea and Flood's SplitMix64: small, seeded, good enough for samples.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}
