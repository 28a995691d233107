import JSON

/// Eclipse Hono's northbound API for Kafka: what is said about a message stands in headers, the value is the device's own.
///
/// Header values are text: UTF-8, and for anything but strings the JSON of the value, so that a time is digits. Of headers with one name the first
/// counts. Messages that Hono itself makes are told apart by their content type.
enum HonoEnvelope {
    /// Fills `event` when the record is of this format; otherwise leaves it as it was and returns false.
    static func decode(_ input: borrowing DecoderInput, _ document: JSONDocument?, into event: inout DecodedEvent) -> Bool {
        let topic = HonoTopic(input.topic)
        let headers = input.headers
        let isMarked = headers.has(.creationTime) || headers.has(.honoAdapter) || headers.hasHono
        guard topic != nil || (headers.has(.honoDeviceID) && isMarked) else { return false }
        event.envelope = .hono
        nameDevice(input, topic, &event)
        readTimes(input, &event)
        switch topic?.role {
        case .command: leave(&event)
        case .commandResponse: decodeResponse(input, &event)
        case .telemetry, .event: decodeMessage(input, document, &event)
        case nil:
            let isResponse = headers.has(.honoCorrelationID) && headers.has(.honoStatus)
            if isResponse { decodeResponse(input, &event) } else { decodeMessage(input, document, &event) }
        }
        return true
    }

    private static func nameDevice(_ input: borrowing DecoderInput, _ topic: HonoTopic?, _ event: inout DecodedEvent) {
        event.deviceID = input.keep(.honoDeviceID, &event)
        if event.deviceID.isEmpty {
            hold(.honoDeviceID, "a device id", input, &event)
            if let key = input.record.key { event.deviceID = event.keep(key) }
        }
        if let topic, !topic.tenant.isEmpty {
            event.tenant = event.keep(String(topic.tenant).rawBytes)
        } else {
            event.tenant = input.keep(.honoTenantID, &event)
        }
        // Only commands and what became of them have a number; it is the command's.
        if input.headers.has(.honoCorrelationID) { event.messageID = input.keep(.honoCorrelationID, &event) }
    }

    private static func readTimes(_ input: borrowing DecoderInput, _ event: inout DecodedEvent) {
        event.serviceTime = input.integer(.creationTime).flatMap { Timestamp(milliseconds: $0) }
        if event.serviceTime == nil { hold(.creationTime, "milliseconds since 1970", input, &event) }
        guard input.headers.has(.honoTimeToLive) else { return }
        guard let milliseconds = input.integer(.honoTimeToLive), milliseconds >= 0 else {
            return hold(.honoTimeToLive, "milliseconds", input, &event)
        }
        guard let start = event.serviceTime else { return }
        let (life, isEndless) = milliseconds.multipliedReportingOverflow(by: 1000)
        let (end, isBeyond) = start.microseconds.addingReportingOverflow(life)
        event.isExpired = !isEndless && !isBeyond && end < input.record.ingestTime.microseconds
    }

    // MARK: - Kinds

    private static func decodeMessage(_ input: borrowing DecoderInput, _ document: JSONDocument?, _ event: inout DecodedEvent) {
        guard let type = input.text(.contentType), type.startsIgnoringCase(with: "application/vnd.eclipse-hono-") else {
            // A device's own message. A null value carries none.
            guard input.record.payload != nil else { return }
            event.kind = .telemetry
            event.secondsUntilDisconnect = timeUntilDisconnect(input)
            if let document { event.sections.append(ValueSection(kind: .telemetry, shape: .members, node: document.root, pointer: "")) }
            return
        }
        if type.isMediaType("application/vnd.eclipse-hono-dc-notification+json") {
            decodeConnection(document, &event)
        } else if type.isMediaType("application/vnd.eclipse-hono-empty-notification") {
            decodeEmpty(input, &event)
        } else if type.isMediaType("application/vnd.eclipse-hono-device-provisioning-notification") {
            decodeProvisioning(input, &event)
        } else if type.isMediaType("application/vnd.eclipse-hono-delivery-failure-notification+json") {
            decodeFailure(input, &event)
        } else {
            hold(.contentType, "a notification that is known", input, rule: .schemaUnsupported, &event)
            leave(&event)
        }
    }

    /// A gateway or adapter saw the device come or go. What it calls disconnected may be the adapter's view only.
    private static func decodeConnection(_ document: JSONDocument?, _ event: inout DecodedEvent) {
        guard let document else { return }
        let cause = document.kind(document.root) == .object ? document.string(document.member("cause", of: document.root)) : nil
        if let cause, document.equals(cause, "connected") {
            event.kind = .connected
        } else if let cause, document.equals(cause, "disconnected") {
            event.kind = .disconnected
        } else {
            event.kind = .unsupported
            let actual = cause.map { BoundedText.bound(document.string($0), limit: BoundedText.identifierLimit) } ?? "nothing"
            event.notices.append(
                DecoderNotice(
                    rule: .envelopeInvalid, path: "/cause", byteOffset: document.offset(cause ?? document.root),
                    expected: "connected or disconnected", actual: actual))
        }
    }

    /// A device that says nothing but how long it will listen: for seconds, until further notice (-1), or no longer (0).
    private static func decodeEmpty(_ input: borrowing DecoderInput, _ event: inout DecodedEvent) {
        if let count = input.record.payload?.byteCount, count > 0 {
            event.notices.append(DecoderNotice(rule: .envelopeInvalid, path: "", expected: "no payload", actual: "\(count) bytes"))
        }
        event.syntaxError = nil
        event.kind = .unsupported
        guard input.headers.has(.honoTimeUntilDisconnect) else { return }
        guard let seconds = timeUntilDisconnect(input) else {
            return hold(.honoTimeUntilDisconnect, "seconds, or -1", input, &event)
        }
        event.secondsUntilDisconnect = seconds
        event.kind = seconds == 0 ? .disconnected : .connected
    }

    /// The header `ttd`: seconds, 0 for no longer, -1 until further notice. Nil where it is absent or something else, which on a device's own message is
    /// no fault of what the message says.
    private static func timeUntilDisconnect(_ input: borrowing DecoderInput) -> Int64? {
        input.integer(.honoTimeUntilDisconnect).flatMap { $0 >= -1 ? $0 : nil }
    }

    /// The registry made an identity because the device came by for the first time.
    private static func decodeProvisioning(_ input: borrowing DecoderInput, _ event: inout DecodedEvent) {
        event.syntaxError = nil
        event.kind = .registered
        if input.header(.honoRegistrationStatus, is: "NEW") { return }
        event.kind = .unsupported
        hold(.honoRegistrationStatus, "NEW", input, rule: input.headers.has(.honoRegistrationStatus) ? .schemaUnsupported : .envelopeInvalid, &event)
    }

    /// A command did not reach its device.
    private static func decodeFailure(_ input: borrowing DecoderInput, _ event: inout DecodedEvent) {
        event.kind = .errorReport
        guard let status = input.integer(.honoStatus), (400...599).contains(status) else {
            return hold(.honoStatus, "a status from 400 to 599", input, &event)
        }
    }

    /// A device's answer to a command, or Hono's word that there will be none. The answer itself may be any bytes.
    private static func decodeResponse(_ input: borrowing DecoderInput, _ event: inout DecodedEvent) {
        if let type = input.text(.contentType), type.isMediaType("application/vnd.eclipse-hono-delivery-failure-notification+json") {
            return decodeFailure(input, &event)
        }
        event.syntaxError = nil
        event.kind = .deliveryReceipt
    }

    /// Leaves a message alone that is known to be Hono's but not what it means.
    private static func leave(_ event: inout DecodedEvent) {
        if event.kind != .tombstone { event.kind = .unsupported }
        event.syntaxError = nil
    }

    private static func hold(
        _ name: HeaderName, _ expected: String, _ input: borrowing DecoderInput, rule: Rule = .envelopeInvalid, _ event: inout DecodedEvent
    ) {
        event.notices.append(DecoderNotice(rule: rule, path: "header:\(name.text)", expected: expected, actual: input.description(of: name)))
    }
}
