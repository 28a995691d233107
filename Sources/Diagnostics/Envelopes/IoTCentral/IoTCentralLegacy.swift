import JSON

/// What IoT Central exported until 2022: whole messages of devices and snapshots of devices and templates, told apart by the header
/// `iotcentral-message-source`; the names before February 2020 with `@id` and `@type`; and the lines of its files, `{EnqueuedTimeUtc, …, Body}`.
///
/// A device that a record does not name is unknown: a record's key was a partition's, not a device's.
enum IoTCentralLegacy {
    /// Fills `event` when the record is of such a shape; otherwise leaves it as it was and returns false.
    static func decode(_ input: borrowing DecoderInput, _ document: JSONDocument, into event: inout DecodedEvent) -> Bool {
        if input.header(.iotCentralMessageSource, is: "telemetry") {
            readMessage(input, document, &event)
        } else if input.header(.iotCentralMessageSource, is: "devices") {
            readSnapshot(of: .twin, input, document, &event)
        } else if input.header(.iotCentralMessageSource, is: "deviceTemplates") {
            readSnapshot(of: .templateLifecycle, input, document, &event)
        } else if document.kind(document.root) == .object {
            return decodeUnmarked(input, document, into: &event)
        } else {
            return false
        }
        return true
    }

    /// Where no header tells, as in files, the members do.
    private static func decodeUnmarked(_ input: borrowing DecoderInput, _ document: JSONDocument, into event: inout DecodedEvent) -> Bool {
        let root = document.root
        if let time = document.member("EnqueuedTimeUtc", of: root), let system = document.member("SystemProperties", of: root),
            document.kind(system) == .object
        {
            readLine(time: time, system: system, document, &event)
            return true
        }
        if document.string(document.member("@id", of: root)) != nil, let type = document.string(document.member("@type", of: root)) {
            if document.equals(type, "Device") {
                readSnapshot(of: .twin, input, document, &event)
                return true
            }
            if document.equals(type, "DeviceTemplate") {
                readSnapshot(of: .templateLifecycle, input, document, &event)
                return true
            }
        }
        if document.string(document.member("id", of: root)) != nil, document.string(document.member("instanceOf", of: root)) != nil,
            let flag = document.member("provisioned", of: root), [.falseValue, .trueValue].contains(document.kind(flag))
        {
            readSnapshot(of: .twin, input, document, &event)
            return true
        }
        return false
    }

    /// The device's own message; who it is and when it came stand in headers.
    private static func readMessage(_ input: borrowing DecoderInput, _ document: JSONDocument, _ event: inout DecodedEvent) {
        readHeaders(input, &event)
        event.kind = .telemetry
        event.sections.append(ValueSection(kind: .telemetry, shape: .members, node: document.root, pointer: ""))
    }

    private static func readHeaders(_ input: borrowing DecoderInput, _ event: inout DecodedEvent) {
        event.envelope = .iotCentralLegacy
        event.tenant = input.keep(.iotCentralApplicationID, &event)
        event.deviceID = input.keep(.iotCentralDeviceID, &event)
        event.serviceTime = input.timestamp(.enqueuedTime) ?? input.timestamp(.brokerEnqueuedTime)
        event.deviceTime = input.timestamp(.deviceClock)
    }

    /// A device or a template as it was when the snapshot was made: state, not news, so nothing judges it.
    private static func readSnapshot(of kind: EventKind, _ input: borrowing DecoderInput, _ document: JSONDocument, _ event: inout DecodedEvent) {
        readHeaders(input, &event)
        event.kind = kind
        guard document.kind(document.root) == .object else {
            event.kind = .unsupported
            event.notices.append(
                DecoderNotice(
                    rule: .envelopeInvalid, path: "", byteOffset: document.offset(document.root), expected: "a snapshot: an object",
                    actual: document.kind(document.root).description))
            return
        }
        let own = document.string(document.member("id", of: document.root)) ?? document.string(document.member("@id", of: document.root))
        if kind == .twin {
            if let own { event.deviceID = event.keep(own, of: document) }
            event.deviceFlags = DeviceFlags(of: document.root, in: document)
            event.templateNode = document.string(document.member("instanceOf", of: document.root))
        } else {
            // A template's snapshot is about no device.
            event.deviceID = DecodedEvent.Field()
            event.templateNode = own
        }
        if let node = event.templateNode { event.templateRef = event.keep(node, of: document) }
    }

    /// A line of an export's file.
    private static func readLine(time: JSONNode, system: JSONNode, _ document: JSONDocument, _ event: inout DecodedEvent) {
        event.envelope = .iotCentralLegacy
        event.readServiceTime(time, of: document, path: "/EnqueuedTimeUtc")
        event.deviceID = keep("connectionDeviceId", of: system, document, &event)
        event.module = keep("connectionModuleId", of: system, document, &event)
        event.identityGeneration = keep("connectionDeviceGenerationId", of: system, document, &event)
        event.messageID = keep("messageId", of: system, document, &event)
        event.component = keep("dt-subject", of: system, document, &event)
        event.templateRef = keep("dt-dataschema", of: system, document, &event)
        event.isTemplateOfModule = !event.module.isEmpty
        event.contentType = keep("contentType", of: system, document, &event)
        event.contentEncoding = keep("contentEncoding", of: system, document, &event)
        if let properties = document.member("Properties", of: document.root), let clock = document.member("iothub-creation-time-utc", of: properties)
        {
            event.deviceTime = document.timestamp(clock)
        }
        guard let body = document.member("Body", of: document.root) else {
            event.kind = .unsupported
            event.notices.append(
                DecoderNotice(
                    rule: .envelopeInvalid, path: "/Body", byteOffset: document.offset(document.root), expected: "the device's message",
                    actual: "nothing"))
            return
        }
        event.kind = .telemetry
        event.sections.append(ValueSection(kind: .telemetry, shape: .members, node: body, pointer: "/Body"))
    }

    private static func keep(_ name: StaticString, of object: JSONNode, _ document: JSONDocument, _ event: inout DecodedEvent) -> DecodedEvent.Field {
        guard let node = document.string(document.member(name, of: object)) else { return DecodedEvent.Field() }
        return event.keep(node, of: document)
    }
}
