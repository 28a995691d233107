package import Diagnostics
import JSON

/// A message of a simulated device, ready to be produced.
package struct FleetMessage: Sendable {
    /// Who sends it.
    package let device: PlannedDevice
    /// What it is.
    package let kind: MessageKind
    /// When the service received it.
    package let time: Timestamp
    /// The record's value.
    package let value: [UInt8]
    /// Whether the record carries the export's headers; without them only its key names the device.
    package let hasHeaders: Bool
}

/// Writes messages as Azure IoT Central's data export does, schema `default@v1`: members in any order, 0 to 9 digits behind the second, members that
/// nobody asked for. Every choice is decided by the seed, the device and the message's number.
struct MessageBuilder: Sendable {
    private let plan: FleetPlan

    init(_ plan: FleetPlan) { self.plan = plan }

    func message(_ kind: MessageKind, of device: PlannedDevice, at time: Timestamp, number: Int) -> FleetMessage {
        var numbers = SeededNumbers(seed: plan.seed, UInt64(device.index), UInt64(number))
        var value = document(kind, device, time, &numbers)
        // Always within the outermost object, and never right behind a whole value that could stand alone.
        if kind == .malformed { value.removeLast(Int.random(in: 1...(value.count / 2), using: &numbers)) }
        return FleetMessage(device: device, kind: kind, time: time, value: value, hasHeaders: kind != .malformed)
    }

    private func document(_ kind: MessageKind, _ device: PlannedDevice, _ time: Timestamp, _ numbers: inout SeededNumbers) -> [UInt8] {
        var members: [(String, JSONTree)] = [
            ("applicationId", .string(plan.applicationID)),
            ("messageSource", .string(Self.source(of: kind))),
            ("deviceId", .string(device.id)),
            ("schema", .string("default@v1")),
            ("enqueuedTime", .string(Self.text(of: time, &numbers))),
            ("enrichments", Bool.random(using: &numbers) ? .object([]) : .object(["depot": .string("north")])),
        ]
        if let type = Self.type(of: kind) { members.append(("messageType", .string(type))) }
        if device.trouble != .unassigned { members.append(("templateId", .string(DemoModel.templateID))) }
        switch kind {
        case .registered, .provisioned, .connected, .disabled: break
        case .properties:
            members.append(("properties", Self.properties(&numbers)))
        case .telemetry, .componentTelemetry, .wrongCase, .wrongType, .malformed, .wrongComponent, .unmodeled, .unassigned:
            members.append(("telemetry", Self.values(kind, &numbers)))
            members.append(("messageProperties", .object(["iothub-creation-time-utc": .string(time.rfc3339)])))
            if kind == .componentTelemetry { members.append(("component", .string(DemoModel.component))) }
            if kind == .wrongComponent { members.append(("component", .string(DemoModel.misspeltComponent))) }
        }
        members.shuffle(using: &numbers)
        var writer = JSONWriter()
        writer.beginObject()
        for (key, value) in members {
            writer.key(key)
            writer.tree(value)
        }
        writer.endObject()
        return writer.bytes
    }

    private static func source(of kind: MessageKind) -> String {
        switch kind {
        case .registered, .provisioned, .disabled: "deviceLifecycle"
        case .connected: "deviceConnectivity"
        case .properties: "properties"
        case .telemetry, .componentTelemetry, .wrongCase, .wrongType, .malformed, .wrongComponent, .unmodeled, .unassigned: "telemetry"
        }
    }

    private static func type(of kind: MessageKind) -> String? {
        switch kind {
        case .registered, .provisioned, .connected, .disabled: kind.rawValue
        case .properties: "devicePropertyReportedChange"
        case .telemetry, .componentTelemetry, .wrongCase, .wrongType, .malformed, .wrongComponent, .unmodeled, .unassigned: nil
        }
    }

    private static func values(_ kind: MessageKind, _ numbers: inout SeededNumbers) -> JSONTree {
        if kind == .componentTelemetry || kind == .wrongComponent {
            return .object([
                "speed": .integer(Int.random(in: 900...3600, using: &numbers)), "current": decimal(2...14, &numbers),
                "vibration": .object(["x": decimal(0...2, &numbers), "y": decimal(0...2, &numbers), "z": decimal(0...2, &numbers)]),
            ])
        }
        var temperature = decimal(-24...8, &numbers)
        if kind == .wrongType { temperature = .string(temperature.numberText ?? "") }
        var members = [
            JSONTree.Member(key: kind == .wrongCase ? "Temperature" : "temperature", value: temperature),
            JSONTree.Member(key: "humidity", value: decimal(30...95, &numbers)),
        ]
        if Bool.random(using: &numbers) {
            members.append(JSONTree.Member(key: "doorOpen", value: .bool(Bool.random(using: &numbers))))
            members.append(JSONTree.Member(key: "doorOpenings", value: .integer(Int.random(in: 0...9, using: &numbers))))
        }
        if Bool.random(using: &numbers) {
            let mode = ["cooling", "defrosting", "idle"].randomElement(using: &numbers) ?? "idle"
            members.append(JSONTree.Member(key: "mode", value: .string(mode)))
        }
        if kind == .unmodeled { members.append(JSONTree.Member(key: "batteryVoltage", value: decimal(11...14, &numbers))) }
        members.shuffle(using: &numbers)
        return .object(members)
    }

    private static func properties(_ numbers: inout SeededNumbers) -> JSONTree {
        .array([
            .object(["name": .string("firmware"), "value": .string("4.\(Int.random(in: 0...9, using: &numbers)).1")]),
            .object([
                "component": .string(DemoModel.component), "name": .string("operatingHours"),
                "value": .integer(Int.random(in: 0...40_000, using: &numbers)),
            ]),
        ])
    }

    /// A number with two digits behind the point.
    private static func decimal(_ range: ClosedRange<Int>, _ numbers: inout SeededNumbers) -> JSONTree {
        let hundredths = Int.random(in: (range.lowerBound * 100)...(range.upperBound * 100), using: &numbers)
        let fraction = String(abs(hundredths % 100))
        let sign = hundredths < 0 ? "-" : ""
        return .number(text: "\(sign)\(abs(hundredths / 100)).\(fraction.utf8.count == 1 ? "0" : "")\(fraction)")
    }

    /// RFC 3339 with the milliseconds written in 3 to 9 digits, as the service's documentation shows several.
    private static func text(of time: Timestamp, _ numbers: inout SeededNumbers) -> String {
        let digits = [3, 3, 6, 7, 9].randomElement(using: &numbers) ?? 3
        let text = time.rfc3339
        guard let point = text.firstIndex(of: ".") else { return text }
        let fraction = text[text.index(after: point)...].dropLast()
        let written = digits <= fraction.count ? String(fraction.prefix(digits)) : fraction + String(repeating: "0", count: digits - fraction.count)
        return text[...point] + written + "Z"
    }
}
