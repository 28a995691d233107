/// Modules and components.
enum ComponentRules {
    static let moduleUnknown = RuleEntry(
        rule: .moduleUnknown, family: .component, severity: .warning, isOpen: true,
        meaning: "The message comes from an edge module that the template does not define.",
        action: "Add the module to the template, or correct the module's name in the deployment.",
        example: "iothub-connection-module-id: Vitals (the template says vitals)",
        source: "IoT Hub `iothub-connection-module-id`, IoT Central `module`; IoT Edge's own modules, whose names begin with `$`, are not judged")
    static let componentUnknown = RuleEntry(
        rule: .componentUnknown, family: .component, severity: .warning, isOpen: true,
        meaning: "The message names a component that the template does not define.",
        action: "Correct the component in the message's envelope, or add it to the template.",
        example: "dt-subject: Motor (the template says motor)",
        source: #"IoT Plug and Play conventions, "Telemetry": IoT Hub `dt-subject`, IoT Central `component`; in a twin a value with `"__t":"c"`"#)
    static let componentMissing = RuleEntry(
        rule: .componentMissing, family: .component, severity: .warning,
        meaning: "The template defines the name in a component only, and the message names no component.",
        action: "Name the component in the message's envelope: `$.sub` over MQTT, `dt-subject` over AMQP.",
        example: #"{"speed":1} (speed is the motor's)"#,
        source: #"IoT Plug and Play conventions, "Telemetry" and "Read-only property""#)
    static let componentWrapped = RuleEntry(
        rule: .componentWrapped, family: .component, severity: .warning, isOpen: true,
        meaning: "Telemetry is wrapped in its component; the component belongs in the envelope and only properties are wrapped.",
        action: "Send the component's telemetry as a message of its own whose envelope names the component.",
        example: #"{"motor":{"__t":"c","speed":1}}"#,
        source: #"IoT Plug and Play conventions, "Telemetry": `__t` marks components of properties only"#)
    static let edgeRuntimeOutdated = RuleEntry(
        rule: .edgeRuntimeOutdated, family: .component, severity: .warning,
        meaning: "A module's message names no component, though the template defines the name in a component of the module only.",
        action: "Update the IoT Edge runtime to 1.2.4 or later: older ones drop the component; or name it in the module's code.",
        example: #"{"charge":1} of module vitals (charge is its battery's)"#,
        source: #"IoT Hub and IoT Central; "Troubleshooting in Azure IoT Central": IoT Edge before 1.2.4"#)
}
