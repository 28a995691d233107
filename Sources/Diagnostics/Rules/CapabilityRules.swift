/// Names.
enum CapabilityRules {
    static let capabilityUndefined = RuleEntry(
        rule: .capabilityUndefined, family: .capability, severity: .warning, isOpen: true,
        meaning: "The template defines no capability of this name here.",
        action: "Add the capability to the template, or correct the name on the device.",
        example: #"{"temprature":21}"#,
        source: #"every format; DTDL, "Interface", contents; IoT Central's unmodeled data"#)
    static let capabilityCase = RuleEntry(
        rule: .capabilityCase, family: .capability, severity: .warning, isOpen: true,
        meaning: "The template defines the name in another case; names are case-sensitive.",
        action: "Use the template's spelling on the device, or change the template.",
        example: #"{"Temperature":21}"#,
        source: "every format; DTDL: names are case-sensitive")
    static let capabilityKind = RuleEntry(
        rule: .capabilityKind, family: .capability, severity: .error,
        meaning: "The template defines the name as something else, such as a property that was sent as telemetry.",
        action: "Send the value the way the template says, or change its kind in the template.",
        example: #"{"serial":"x"} as telemetry (serial is a property)"#,
        source: #"every format; DTDL, "Telemetry", "Property" and "Command""#)
    static let capabilityCloud = RuleEntry(
        rule: .capabilityCloud, family: .capability, severity: .error,
        meaning: "The template defines the name as a cloud property, which only the service keeps and no device sends.",
        action: "Do not send the value from the device, or make it a property in the template.",
        example: #"{"customer":"c"} (customer is a cloud property)"#,
        source: "every format; IoT Central device templates: the co-type `Cloud`")
    static let capabilityAmbiguous = RuleEntry(
        rule: .capabilityAmbiguous, family: .capability, severity: .warning,
        meaning: #"""
            Several interfaces of the template define the name, and the device did not say itself which model it is of (it is not Plug and \#
            Play).
            """#,
        action: "Make the name unique in the template, or put it in a component and name that in the message.",
        example: #"{"model":"x"} (two interfaces define model)"#,
        source: #"""
            every format; "Troubleshooting in Azure IoT Central". Plug and Play is a device whose record carries its model as IoT Hub's \#
            `dt-dataschema`
            """#)
    static let nameInvalid = RuleEntry(
        rule: .nameInvalid, family: .capability, severity: .error, isOpen: true,
        meaning: #"""
            The name of a telemetry value has characters that IoT Central takes in no name; letters, digits and underscores are allowed, no \#
            digit first.
            """#,
        action: "Rename the value on the device and in the template.",
        example: #"{"room temperature":21}"#,
        source: #"""
            telemetry of every format; DTDL, "Telemetry", name; `az iot central diagnostics`: `^[a-zA-Z_][a-zA-Z0-9_]*$`. A name that the \#
            template has is not reported
            """#)
    static let nameReserved = RuleEntry(
        rule: .nameReserved, family: .capability, severity: .warning,
        meaning: "The name of a telemetry value is one that IoT Central keeps for itself and drops.",
        action: "Rename the value on the device and in the template.",
        example: #"{"PartitionId":3}"#,
        source: #"""
            telemetry of every format; IoT Central's reserved names: EventEnqueuedUtcTime, EventProcessedUtcTime, PartitionId, EventHub, User, \#
            $metadata, $version
            """#)
}
