import JSON

extension IoTHubEnvelope {
    /// An update carries the changed parts, a replacement all of them; several changes may be in one message. Tags are the service's own.
    static func readTwinChange(_ input: borrowing DecoderInput, _ document: JSONDocument?, _ event: inout DecodedEvent) {
        event.kind = .twin
        if input.headers.has(.operation), !input.header(.operation, is: "updateTwin"), !input.header(.operation, is: "replaceTwin") {
            event.notices.append(refusal(of: .operation, in: input, rule: .envelopeInvalid, expected: "updateTwin or replaceTwin"))
        }
        guard let document = object(document, "a twin: an object", &event) else { return }
        if event.templateRef.isEmpty, let model = document.string(document.member("modelId", of: document.root)) {
            event.templateNode = model
            event.templateRef = event.keep(model, of: document)
        }
        guard let properties = document.member("properties", of: document.root) else { return }
        guard document.kind(properties) == .object else {
            event.notices.append(
                DecoderNotice(
                    rule: .envelopeInvalid, path: "/properties", byteOffset: document.offset(properties), expected: "an object",
                    actual: document.kind(properties).description))
            return
        }
        if let reported = document.member("reported", of: properties) {
            event.kind = .propertyReported
            event.sections.append(ValueSection(kind: .propertyReported, shape: .twin, node: reported, pointer: "/properties/reported"))
        }
        if let desired = document.member("desired", of: properties) {
            event.kind = event.sections.isEmpty ? .propertyDesired : .twin
            event.sections.append(ValueSection(kind: .propertyDesired, shape: .twin, node: desired, pointer: "/properties/desired"))
        }
    }

    /// A device or, where the notification names one, a module was made or removed. The body is its twin; the times in it mean nothing yet.
    static func readLifecycle(_ input: borrowing DecoderInput, _ document: JSONDocument?, _ event: inout DecodedEvent) {
        if input.header(.operation, is: "createDeviceIdentity") || input.header(.operation, is: "createModuleIdentity") {
            event.kind = .registered
        } else if input.header(.operation, is: "deleteDeviceIdentity") || input.header(.operation, is: "deleteModuleIdentity") {
            event.kind = .deleted
        } else {
            event.kind = .unsupported
            let expected = "createDeviceIdentity, deleteDeviceIdentity, createModuleIdentity or deleteModuleIdentity"
            event.notices.append(refusal(of: .operation, in: input, rule: .schemaUnsupported, expected: expected))
        }
        guard let document = object(document, "a twin: an object", &event) else { return }
        if event.deviceID.isEmpty, let device = document.string(document.member("deviceId", of: document.root)) {
            event.deviceID = event.keep(device, of: document)
        }
        if event.module.isEmpty, let module = document.string(document.member("moduleId", of: document.root)) {
            event.moduleNode = module
            event.module = event.keep(module, of: document)
        }
    }

    /// A connection or its end, numbered per device by a number of 256 bits, which text of fixed width in one case compares.
    static func readConnectionState(_ input: borrowing DecoderInput, _ document: JSONDocument?, _ event: inout DecodedEvent) {
        if input.header(.operation, is: "deviceConnected") || input.header(.operation, is: "moduleConnected") {
            event.kind = .connected
        } else if input.header(.operation, is: "deviceDisconnected") || input.header(.operation, is: "moduleDisconnected") {
            event.kind = .disconnected
        } else {
            event.kind = .unsupported
            let expected = "deviceConnected, deviceDisconnected, moduleConnected or moduleDisconnected"
            event.notices.append(refusal(of: .operation, in: input, rule: .schemaUnsupported, expected: expected))
        }
        guard let document = object(document, "an object with sequenceNumber", &event) else { return }
        let node = document.member("sequenceNumber", of: document.root)
        if let node, document.kind(node) == .string, let number = sequence(document.string(node)) {
            event.sequence = event.keep(number.rawBytes)
        } else {
            let actual = node.map { document.kind($0) == .string ? "other text" : document.kind($0).description } ?? "nothing"
            event.notices.append(
                DecoderNotice(
                    rule: .envelopeInvalid, path: "/sequenceNumber", byteOffset: document.offset(node ?? document.root),
                    expected: "64 hexadecimal digits", actual: actual))
        }
    }

    private static func sequence(_ text: String) -> String? {
        guard text.utf8.count == 64, text.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x41...0x46).contains($0 & 0xDF) }) else { return nil }
        return text.uppercased()
    }

    /// The body where it is an object. What is wrong with one that is not JSON is known already.
    @_lifetime(copy document)
    private static func object(_ document: JSONDocument?, _ expected: String, _ event: inout DecodedEvent) -> JSONDocument? {
        guard event.syntaxError == nil else { return nil }
        guard let document else {
            event.notices.append(DecoderNotice(rule: .envelopeInvalid, path: "", expected: expected, actual: "no payload"))
            return nil
        }
        if document.kind(document.root) == .object { return document }
        let actual = document.kind(document.root).description
        event.notices.append(
            DecoderNotice(rule: .envelopeInvalid, path: "", byteOffset: document.offset(document.root), expected: expected, actual: actual))
        return nil
    }
}
