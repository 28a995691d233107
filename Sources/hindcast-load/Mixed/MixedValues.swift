import Simulation

/// The values of one mixed message, as JSON text, right or with the fault that the message is to have.
struct MixedValues {
    let fault: MixedFault?
    /// Whether the values are the pump's.
    let isComponent: Bool

    /// An object of telemetry.
    func telemetry(_ numbers: inout SeededNumbers) -> String {
        "{" + members(&numbers).map { #""\#($0.name)":\#($0.value)"# }.joined(separator: ",") + (fault == .trailingComma ? ",}" : "}")
    }

    /// Names and JSON texts of values.
    func members(_ numbers: inout SeededNumbers) -> [(name: String, value: String)] {
        var members = isComponent ? pump(&numbers) : station(&numbers)
        if fault == .undefined { members.append(("batteryVoltage", "3.61")) }
        if fault == .null { members[0].value = "null" }
        if fault == .duplicate { members.append(members[0]) }
        if fault == .letterCase { members[0].name = members[0].name.prefix(1).uppercased() + members[0].name.dropFirst() }
        return members
    }

    /// One property's name and the JSON text of its value.
    func property(writable: Bool, _ numbers: inout SeededNumbers) -> (name: String, value: String) {
        if isComponent { return ("hours", integer(&numbers)) }
        let name = writable ? "setpoint" : "firmware"
        let value = writable ? decimal(&numbers) : fault == .type ? "12" : #""1.\#(Int.random(in: 0...9, using: &numbers))""#
        let spelt = fault == .letterCase ? name.prefix(1).uppercased() + name.dropFirst() : fault == .undefined ? "\(name)Extra" : name
        return (spelt, fault == .null ? "null" : value)
    }

    private func station(_ numbers: inout SeededNumbers) -> [(name: String, value: String)] {
        [
            ("temperature", decimal(&numbers)), ("count", integer(&numbers)), ("open", Bool.random(using: &numbers) ? "true" : "false"),
            ("measuredAt", fault == .offset ? #""2026-03-01T10:15:30""# : #""2026-03-01T10:15:30Z""#),
            ("mode", fault == .enumeration ? #""asleep""# : Bool.random(using: &numbers) ? #""idle""# : #""busy""#),
        ]
    }

    private func pump(_ numbers: inout SeededNumbers) -> [(name: String, value: String)] { [("speed", integer(&numbers))] }

    private func decimal(_ numbers: inout SeededNumbers) -> String {
        let text = TelemetryMix.decimal(Int.random(in: -2500...4500, using: &numbers))
        return fault == .type ? #""\#(text)""# : text
    }

    private func integer(_ numbers: inout SeededNumbers) -> String {
        let number = Int.random(in: 0...9999, using: &numbers)
        switch fault {
        case .fraction: return "\(number).0"
        case .range: return "99999999999999999999"
        case .type: return #""\#(number)""#
        default: return "\(number)"
        }
    }
}
