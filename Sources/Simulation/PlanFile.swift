import Diagnostics
import JSON

/// A plan as it is written before anything is sent, and read again when the views are held against it.
///
/// It counts what is going to be sent, message by message, and says what has to be seen; nothing of it is computed from what the views say.
package struct PlanFile: Hashable, Sendable {
    /// The name and version of the layout.
    static let format = "hindcast-plan-3"

    /// One device: what it sends and what has to be seen of it.
    package struct Device: Hashable, Sendable {
        package let id: String
        package let trouble: Trouble
        /// The wire format of its messages.
        package let format: FleetFormat
        /// How many messages of which kind.
        package let sends: [MessageKind: Int]
        /// The label of its health.
        package let health: String
        /// The cause that has to come first in its diagnosis; nil where there must be none.
        package let cause: String?
        /// How many of its messages have an error.
        package let failed: Int
        /// How many of its messages are not JSON.
        package let malformed: Int
        /// Its findings, each with how many of its messages have it.
        package let findings: [PlannedFinding: Int]

        /// How many messages are about it.
        package var messages: Int { sends.reduce(0) { $0 + ($1.key.isAboutDevice ? $1.value : 0) } }
    }

    package let seed: UInt64
    package let tenant: String
    package let topic: String
    package let startedAt: String
    package let templateID: String
    package let devices: [Device]
    /// What the fleet's exports do not deliver.
    package let gaps: [PlannedGap]
    /// How many messages are about exports and come beside those of the devices.
    package let notices: Int

    /// How many messages the whole fleet sends.
    package var messages: Int { devices.reduce(0) { $0 + $1.sends.values.reduce(0, +) } }

    /// Counts what a plan sends.
    package init(_ plan: FleetPlan, topic: String) {
        seed = plan.seed
        tenant = plan.tenant
        self.topic = topic
        startedAt = plan.startedAt.rfc3339
        templateID = DemoModel.templateID
        var gaps = PlannedGaps(plan)
        devices = plan.devices.map { device in
            let script = device.script
            gaps.take(script, of: device)
            var sends: [MessageKind: Int] = [:]
            for message in script { sends[message.kind, default: 0] += 1 }
            var findings: [PlannedFinding: Int] = [:]
            for (kind, count) in sends {
                if let finding = kind.finding { findings[finding, default: 0] += count }
            }
            let failed = findings.reduce(0) { $0 + ($1.key.isError ? $1.value : 0) }
            return Device(
                id: device.id, trouble: device.trouble, format: device.format, sends: sends,
                health: device.expectedHealth(
                    failed: failed, found: findings.values.reduce(0, +), judged: sends.reduce(0) { $0 + ($1.key.isJudged ? $1.value : 0) }),
                cause: device.trouble.profile.cause, failed: failed, malformed: sends.reduce(0) { $0 + ($1.key.isMalformed ? $1.value : 0) },
                findings: findings)
        }
        self.gaps = gaps.all
        notices = plan.exports.reduce(0) { $0 + $1.notices.count }
    }
}

// MARK: - Bytes

extension PlanFile {
    /// The file's content: JSON, one device after the other.
    package func bytes() -> [UInt8] {
        var writer = JSONWriter(layout: .pretty)
        writer.tree(
            .object([
                "format": .string(Self.format), "seed": .string(String(seed)), "tenant": .string(tenant), "topic": .string(topic),
                "startedAt": .string(startedAt), "template": .string(templateID),
                "totals": .object([
                    "devices": .integer(devices.count), "messages": .integer(messages),
                    "devicesByTrouble": Self.counts(Trouble.allCases) { trouble in devices.count { $0.trouble == trouble } },
                    "messagesByKind": Self.counts(MessageKind.allCases) { kind in devices.reduce(0) { $0 + ($1.sends[kind] ?? 0) } },
                    "notices": .integer(notices),
                ]),
                "gaps": .array(gaps.map(\.tree)), "devices": .array(devices.map(\.tree)),
            ]))
        writer.newline()
        return writer.bytes
    }

    fileprivate static func counts<Name: RawRepresentable<String>>(_ names: [Name], _ count: (Name) -> Int) -> JSONTree {
        .object(names.map { ($0.rawValue, count($0)) }.filter { $0.1 > 0 }.map { JSONTree.Member(key: $0.0, value: .integer($0.1)) })
    }

    /// Reads a file's content.
    ///
    /// - Throws: `PlanFileError` where it is not what `bytes` writes.
    package init(bytes: [UInt8]) throws(PlanFileError) {
        let tree: JSONTree
        do throws(JSONSyntaxError) {
            tree = try JSONTree.parse(bytes)
        } catch {
            throw PlanFileError("The plan file is \(error.description).")
        }
        let format = try tree.text("format")
        guard format == Self.format else { throw PlanFileError("The plan file's format is \"\(format)\", expected \"\(Self.format)\".") }
        guard let seed = UInt64(try tree.text("seed")) else { throw PlanFileError("The plan file's seed is no number.") }
        self.seed = seed
        tenant = try tree.text("tenant")
        topic = try tree.text("topic")
        startedAt = try tree.text("startedAt")
        templateID = try tree.text("template")
        var devices: [Device] = []
        for element in try tree.member("devices").elements { devices.append(try Device(element)) }
        self.devices = devices
        var gaps: [PlannedGap] = []
        for element in try tree.member("gaps").elements { gaps.append(try PlannedGap(element)) }
        self.gaps = gaps
        notices = try tree.member("totals").member("notices").wholeNumber("notices")
    }
}

extension PlannedGap {
    fileprivate var tree: JSONTree {
        .object([
            "export": .string(exportID), "destination": .string(destinationID), "cause": .string(cause), "from": .string(start),
            "to": end.map { .string($0) } ?? .null, "events": events.map { .integer($0) } ?? .null,
            "devices": devices.map { .integer($0) } ?? .null, "givenBack": .bool(isGivenBack),
        ])
    }

    fileprivate init(_ tree: JSONTree) throws(PlanFileError) {
        exportID = try tree.text("export")
        destinationID = try tree.text("destination")
        cause = try tree.text("cause")
        start = try tree.text("from")
        end = try tree.member("to").stringValue
        events = try tree.member("events").wholeNumberOrNil("events")
        devices = try tree.member("devices").wholeNumberOrNil("devices")
        isGivenBack = try tree.member("givenBack").kind == .trueValue
    }
}

extension PlanFile.Device {
    fileprivate var tree: JSONTree {
        let rows = findings.sorted { ($0.key.rule, $0.key.path) < ($1.key.rule, $1.key.path) }
        return .object([
            "device": .string(id), "trouble": .string(trouble.rawValue), "format": .string(format.rawValue),
            "sends": PlanFile.counts(MessageKind.allCases) { sends[$0] ?? 0 },
            "expected": .object([
                "health": .string(health), "cause": cause.map { .string($0) } ?? .null, "messages": .integer(messages), "failed": .integer(failed),
                "malformed": .integer(malformed),
                "findings": .array(
                    rows.map { finding, count in
                        .object([
                            "rule": .string(finding.rule), "component": .string(finding.component), "path": .string(finding.path),
                            "isError": .bool(finding.isError), "count": .integer(count),
                        ])
                    }),
            ]),
        ])
    }

    fileprivate init(_ tree: JSONTree) throws(PlanFileError) {
        id = try tree.text("device")
        let name = try tree.text("trouble")
        guard let trouble = Trouble(rawValue: name) else { throw PlanFileError("The plan file names a trouble \"\(name)\" that is none.") }
        self.trouble = trouble
        let layout = try tree.text("format")
        guard let format = FleetFormat(rawValue: layout) else { throw PlanFileError("The plan file names a format \"\(layout)\" that is none.") }
        self.format = format
        var sends: [MessageKind: Int] = [:]
        for member in try tree.member("sends").members {
            guard let kind = MessageKind(rawValue: member.key) else {
                throw PlanFileError("The plan file names a kind \"\(member.key)\" that is none.")
            }
            sends[kind] = try member.value.wholeNumber(member.key)
        }
        self.sends = sends
        let expected = try tree.member("expected")
        health = try expected.text("health")
        cause = try expected.member("cause").stringValue
        failed = try expected.member("failed").wholeNumber("failed")
        malformed = try expected.member("malformed").wholeNumber("malformed")
        var findings: [PlannedFinding: Int] = [:]
        for row in try expected.member("findings").elements {
            let finding = PlannedFinding(
                rule: try row.text("rule"), component: try row.text("component"), path: try row.text("path"),
                isError: row["isError"]?.kind == .trueValue)
            findings[finding] = try row.member("count").wholeNumber("count")
        }
        self.findings = findings
    }
}

/// Why a plan file cannot be read.
package struct PlanFileError: Error, CustomStringConvertible {
    /// What is wrong, in a sentence.
    package let description: String

    init(_ description: String) { self.description = description }
}

extension JSONTree {
    fileprivate func member(_ key: String) throws(PlanFileError) -> JSONTree {
        guard let value = self[key] else { throw PlanFileError("The plan file lacks \"\(key)\" on line \(line).") }
        return value
    }

    fileprivate func text(_ key: String) throws(PlanFileError) -> String {
        guard let text = try member(key).stringValue else { throw PlanFileError("\"\(key)\" in the plan file is no string on line \(line).") }
        return text
    }

    fileprivate func wholeNumber(_ name: String) throws(PlanFileError) -> Int {
        guard let value = integerValue, value >= 0 else { throw PlanFileError("\"\(name)\" in the plan file is no count on line \(line).") }
        return Int(value)
    }

    fileprivate func wholeNumberOrNil(_ name: String) throws(PlanFileError) -> Int? { isNull ? nil : try wholeNumber(name) }
}
