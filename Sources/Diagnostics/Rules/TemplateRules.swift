/// Which template an event is judged by.
enum TemplateRules {
    static let templateUnassigned = RuleEntry(
        rule: .templateUnassigned, family: .template, severity: .warning,
        meaning: "The device has no template: neither its messages name one nor is one assigned to it.",
        action: "Assign a template to the device, or publish one and `hindcast template assign` it.",
        example: #"{"temperature":21} (of a device that no template applies to)"#,
        source: #"every format; IoT Central's device status "unassigned""#)
    static let templateUnknown = RuleEntry(
        rule: .templateUnknown, family: .template, severity: .error,
        meaning: "The message names a template that was never published here.",
        action: "Publish the template with `hindcast template publish`.",
        example: #""templateId":"dtmi:example:unheardOf;1""#,
        source: "every format: IoT Central `templateId`, IoT Hub `dt-dataschema`, CloudEvents `dataschema`")
    static let ruleFailed = RuleEntry(
        rule: .ruleFailed, family: .template, severity: .error,
        meaning: "A rule could not be run on this event; the event was counted and kept.",
        action: "Report the event's position; `hindcast events show` prints its bytes.",
        example: "(a template version that this program cannot read)",
        source: "Hindcast itself")
}
