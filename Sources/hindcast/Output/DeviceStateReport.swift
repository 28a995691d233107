import Diagnostics
import JSON

/// What `hindcast device as-of` shows: the state of a device at a past time.
struct DeviceStateReport {
    let device: DeviceRow
    let time: Timestamp
    /// Nil where the device had sent nothing by then.
    let state: DeviceState?
    let labels: SelectLabels.Row?

    func lines(_ palette: Palette) -> [String] {
        let heading =
            "\(palette.device(device.device)) \(palette.dim("of tenant")) \(PrintableText.of(device.tenant)) \(palette.dim("as of")) \(time.rfc3339)"
        guard let state, let labels else { return [heading, "not seen yet"] }
        var facts = [("registration", labels.registration), ("connection", labels.connection)]
        facts.append(("template", state.template.map { "\($0.value) (\($0.source):\($0.offset))" } ?? "none named"))
        for fact in Self.facts(state) {
            facts.append((fact.name, fact.isSaid ? "\(fact.text) since \(fact.time?.rfc3339 ?? "") (\(fact.place))" : "not said"))
        }
        facts.append(("first seen", state.firstSeen.rfc3339))
        facts.append(("last seen", state.lastSeen.rfc3339))
        facts.append(("last telemetry", state.lastTelemetry?.rfc3339 ?? "never"))
        facts.append(("messages", "\(state.messages), \(state.telemetry) of them telemetry"))
        return [heading] + FactLines.of(facts, palette)
    }

    var tree: JSONTree {
        var members: [JSONTree.Member] = [
            .init(key: "tenant", value: .string(device.tenant)), .init(key: "device_id", value: .string(device.device)),
            .init(key: "as_of", value: .string(time.rfc3339)), .init(key: "registration", value: .text(labels?.registration)),
            .init(key: "connection", value: .text(labels?.connection)), .init(key: "template_id", value: .text(state?.template?.value)),
            .init(key: "first_seen", value: .text(state?.firstSeen.rfc3339)), .init(key: "last_seen", value: .text(state?.lastSeen.rfc3339)),
            .init(key: "last_telemetry", value: .text(state?.lastTelemetry?.rfc3339)), .init(key: "messages", value: .integer(state?.messages ?? 0)),
            .init(key: "telemetry", value: .integer(state?.telemetry ?? 0)),
        ]
        for fact in Self.facts(state) { members.append(.init(key: fact.name, value: fact.tree)) }
        return .object(members)
    }

    /// A fact as it is shown, with the event that set it.
    private struct Shown {
        let name: String
        let value: Bool?
        let time: Timestamp?
        let place: String

        init(_ name: String, _ fact: (value: Bool, time: Timestamp, source: Int32, offset: Int64)?) {
            self.name = name
            value = fact?.value
            time = fact?.time
            place = fact.map { "\($0.source):\($0.offset)" } ?? ""
        }

        var isSaid: Bool { value != nil }
        var text: String { value == true ? "yes" : "no" }

        var tree: JSONTree {
            guard let value, let time else { return .null }
            return .object(["value": .bool(value), "since": .string(time.rfc3339), "evidence": .string(place)])
        }
    }

    private static func facts(_ state: DeviceState?) -> [Shown] {
        func flag(_ fact: DeviceState.Fact<Bool>?) -> (value: Bool, time: Timestamp, source: Int32, offset: Int64)? {
            fact.map { ($0.value, $0.time, $0.source, $0.offset) }
        }
        return [
            Shown("exists", state?.presence.map { ($0.value == .registered, $0.time, $0.source, $0.offset) }),
            Shown("approved", flag(state?.approved)),
            Shown("blocked", state?.access.map { ($0.value == .disabled, $0.time, $0.source, $0.offset) }),
            Shown("provisioned", flag(state?.provisioned)), Shown("simulated", flag(state?.simulated)),
        ]
    }
}
