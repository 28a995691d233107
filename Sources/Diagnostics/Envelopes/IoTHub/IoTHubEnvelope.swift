import JSON

/// Azure IoT Hub through the Kafka endpoint of Event Hubs: what is said about a message stands in headers, the value is the device's or the hub's body.
///
/// The hub's own headers are authenticated; an application property such as `deviceId` is the hub's word on notifications only, since a device may set
/// any on its telemetry. The hub's name stands on notifications alone, so it is no tenant: one device would have two.
enum IoTHubEnvelope {
    /// What a message is, by `iothub-message-source`, or where routing left that out by `iothub-message-schema`.
    enum Message {
        case telemetry, twinChange, digitalTwinChange, lifecycle, connectionState, unknown
    }

    /// Fills `event` when the record is of this format; otherwise leaves it as it was and returns false.
    static func decode(_ input: borrowing DecoderInput, _ document: JSONDocument?, into event: inout DecodedEvent) -> Bool {
        guard input.headers.has(.connectionDeviceID) || input.headers.has(.hubMessageSource) || input.headers.has(.hubMessageSchema) else {
            return false
        }
        event.envelope = .iotHub
        let message = message(input)
        address(input, isNotification: message != .telemetry, &event)
        readTimes(input, isNotification: message != .telemetry, &event)
        switch message {
        case .telemetry:
            event.kind = .telemetry
            if let document { event.sections.append(ValueSection(kind: .telemetry, shape: .members, node: document.root, pointer: "")) }
        case .twinChange: readTwinChange(input, document, &event)
        case .digitalTwinChange:
            event.kind = .propertyReported
            if let document { event.sections.append(ValueSection(kind: .propertyReported, shape: .jsonPatch, node: document.root, pointer: "")) }
        case .lifecycle: readLifecycle(input, document, &event)
        case .connectionState: readConnectionState(input, document, &event)
        case .unknown:
            event.kind = .unsupported
            let name: HeaderName = input.headers.has(.hubMessageSource) ? .hubMessageSource : .hubMessageSchema
            event.notices.append(refusal(of: name, in: input, rule: .schemaUnsupported, expected: "a message source or schema of IoT Hub"))
        }
        return true
    }

    private static func message(_ input: borrowing DecoderInput) -> Message {
        if let source = input.text(.hubMessageSource) {
            if source.equals("Telemetry") { return .telemetry }
            if source.equals("twinChangeEvents") { return .twinChange }
            if source.equals("digitalTwinChangeEvents") { return .digitalTwinChange }
            if source.equals("deviceLifecycleEvents") { return .lifecycle }
            if source.equals("deviceConnectionStateEvents") { return .connectionState }
            return .unknown
        }
        guard let schema = input.text(.hubMessageSchema) else { return .telemetry }
        if schema.equals("twinChangeNotification") { return .twinChange }
        if schema.equals("digitalTwinChangeNotification") { return .digitalTwinChange }
        if schema.equals("deviceLifecycleNotification") { return .lifecycle }
        if schema.equals("deviceConnectionStateNotification") { return .connectionState }
        return .unknown
    }

    private static func address(_ input: borrowing DecoderInput, isNotification: Bool, _ event: inout DecodedEvent) {
        event.deviceID = input.keep(.connectionDeviceID, &event)
        event.module = input.keep(.connectionModuleID, &event)
        if isNotification {
            if event.deviceID.isEmpty { event.deviceID = input.keep(.deviceID, &event) }
            if event.module.isEmpty { event.module = input.keep(.moduleID, &event) }
        }
        event.component = input.keep(.subject, &event)
        if event.component.isEmpty { event.component = input.keep(.interfaceName, &event) }
        event.templateRef = input.keep(.dataSchema, &event)
        // Every connection announces a model of its own.
        event.isTemplateOfModule = !event.module.isEmpty
        event.identityGeneration = input.keep(.generationID, &event)
    }

    /// Notifications tell when something happened; all messages when the hub took them.
    private static func readTimes(_ input: borrowing DecoderInput, isNotification: Bool, _ event: inout DecodedEvent) {
        if isNotification { event.serviceTime = time(.operationTime, input, &event) }
        if event.serviceTime == nil { event.serviceTime = time(.enqueuedTime, input, &event) }
        if event.serviceTime == nil { event.serviceTime = time(.brokerEnqueuedTime, input, &event) }
        event.deviceTime = input.timestamp(.deviceClock) ?? input.timestamp(.batchedDeviceClock)
    }

    /// A time of the hub's; it writes the year 1 for what has not happened.
    private static func time(_ name: HeaderName, _ input: borrowing DecoderInput, _ event: inout DecodedEvent) -> Timestamp? {
        guard input.headers.has(name) else { return nil }
        guard let time = input.timestamp(name) else {
            event.notices.append(refusal(of: name, in: input, rule: .envelopeInvalid, expected: "a time"))
            return nil
        }
        return time.isUnset ? nil : time
    }

    /// A notice about a header's value.
    static func refusal(of name: HeaderName, in input: borrowing DecoderInput, rule: Rule, expected: String) -> DecoderNotice {
        DecoderNotice(rule: rule, path: "header:\(name.text)", expected: expected, actual: input.description(of: name))
    }
}
