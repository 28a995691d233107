import JSON

/// The values that simulated messages carry, whatever the format: those of the template, but for the fault that the kind of message names.
enum SimulatedValues {
    /// A property with its value.
    struct Property {
        let component: String?
        let name: String
        let value: JSONTree
    }

    /// Telemetry by name.
    static func telemetry(of kind: MessageKind, _ numbers: inout SeededNumbers) -> [JSONTree.Member] {
        switch kind {
        case .componentTelemetry, .wrongComponent: return compressor(&numbers)
        case .edgeModule: return [speed(&numbers)]
        case .wrappedComponent:
            return [member(DemoModel.component, .object([member("__t", .string("c")), speed(&numbers)]))]
        default: break
        }
        var members = regular(kind, &numbers)
        switch kind {
        case .unknownValue: members.append(member("mode", .string("Cooling")))
        case .outOfRange: members.append(member("doorOpenings", .integer(Int64(Int32.max) + Int64.random(in: 1...1000, using: &numbers))))
        case .noOffset: members.append(member("lastDefrost", .string("2026-01-0\(Int.random(in: 1...9, using: &numbers))T04:30:00")))
        case .unmodeled: members.append(member("batteryVoltage", decimal(11...14, &numbers)))
        case .missingComponent: members.append(speed(&numbers))
        case .propertyAsTelemetry: members.append(member("firmware", firmware(&numbers)))
        default: break
        }
        members.shuffle(using: &numbers)
        return members
    }

    /// Properties of a message that changes some. `setpoint` is what the device is set to.
    static func properties(of kind: MessageKind, setpoint: String, _ numbers: inout SeededNumbers) -> [Property] {
        switch kind {
        case .desired, .acknowledgement, .malformedAcknowledgement, .earlyAcknowledgement:
            return [Property(component: nil, name: "setpoint", value: .number(text: setpoint))]
        case .readOnlyProperty: return [Property(component: nil, name: "firmware", value: firmware(&numbers))]
        default:
            let hours = Int.random(in: 0...40_000, using: &numbers)
            return [
                Property(component: nil, name: "firmware", value: firmware(&numbers)),
                Property(component: DemoModel.component, name: "operatingHours", value: .integer(hours)),
            ]
        }
    }

    // MARK: -

    private static func regular(_ kind: MessageKind, _ numbers: inout SeededNumbers) -> [JSONTree.Member] {
        var temperature = decimal(-24...8, &numbers)
        if kind == .wrongType { temperature = .string(temperature.numberText ?? "") }
        var members = [member(kind == .wrongCase ? "Temperature" : "temperature", temperature), member("humidity", decimal(30...95, &numbers))]
        if Bool.random(using: &numbers), kind != .outOfRange {
            members.append(member("doorOpen", .bool(Bool.random(using: &numbers))))
            members.append(member("doorOpenings", .integer(Int.random(in: 0...9, using: &numbers))))
        }
        if Bool.random(using: &numbers), kind != .unknownValue {
            members.append(member("mode", .string(["cooling", "defrosting", "idle"].randomElement(using: &numbers) ?? "idle")))
        }
        return members
    }

    private static func compressor(_ numbers: inout SeededNumbers) -> [JSONTree.Member] {
        let axes = ["x", "y", "z"].map { member($0, decimal(0...2, &numbers)) }
        return [speed(&numbers), member("current", decimal(2...14, &numbers)), member("vibration", .object(axes))]
    }

    private static func speed(_ numbers: inout SeededNumbers) -> JSONTree.Member {
        member("speed", .integer(Int.random(in: 900...3600, using: &numbers)))
    }

    private static func firmware(_ numbers: inout SeededNumbers) -> JSONTree { .string("4.\(Int.random(in: 0...9, using: &numbers)).1") }

    private static func member(_ key: String, _ value: JSONTree) -> JSONTree.Member { JSONTree.Member(key: key, value: value) }

    /// A number with two digits behind the point.
    private static func decimal(_ range: ClosedRange<Int>, _ numbers: inout SeededNumbers) -> JSONTree {
        let hundredths = Int.random(in: (range.lowerBound * 100)...(range.upperBound * 100), using: &numbers)
        let fraction = String(abs(hundredths % 100))
        let sign = hundredths < 0 ? "-" : ""
        return .number(text: "\(sign)\(abs(hundredths / 100)).\(fraction.utf8.count == 1 ? "0" : "")\(fraction)")
    }
}
