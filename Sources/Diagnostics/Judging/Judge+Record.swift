import JSON

/// Rules on the record as a whole: what its fields say, and payloads without values.
extension Judge {
    /// The longest message that IoT Hub takes from a device, in bytes.
    static let longestPayload = 262_144

    static func judgeRecord(_ event: borrowing DecodedEvent, size: Int, into findings: inout [Finding]) {
        for notice in event.notices {
            findings.append(
                Finding(rule: notice.rule, path: notice.path, byteOffset: notice.byteOffset, expected: notice.expected, actual: notice.actual))
        }
        if size > longestPayload {
            findings.append(Finding(rule: .payloadTooLarge, byteOffset: longestPayload, expected: "at most 262144 bytes", actual: "\(size) bytes"))
        }
        guard event.envelope != .none else { return }
        if event.deviceID.isEmpty, event.kind.isAboutDevice {
            findings.append(Finding(rule: .deviceIDMissing, byteOffset: 0, expected: "a device id", actual: "none"))
        }
        judgeTimes(event, &findings)
        if event.kind == .telemetry { judgeContent(event, &findings) }
    }

    private static func judgeTimes(_ event: borrowing DecodedEvent, _ findings: inout [Finding]) {
        guard let serviceTime = event.serviceTime else { return }
        guard !event.isTimeImplausible else {
            let expected = "a time at most 30 days before the broker's and one day after it, or without a broker's one of the years 2000 to 2099"
            return findings.append(Finding(rule: .eventTimeImplausible, byteOffset: 0, expected: expected, actual: serviceTime.rfc3339))
        }
        guard let deviceTime = event.deviceTime else { return }
        let (skew, overflow) = deviceTime.microseconds.subtractingReportingOverflow(serviceTime.microseconds)
        guard overflow || skew.magnitude > 300_000_000 else { return }
        findings.append(
            Finding(rule: .clockSkew, byteOffset: 0, expected: "a time within 5 minutes of the service's", actual: deviceTime.rfc3339))
    }

    /// IoT Hub looks into bodies only where both headers are set; elsewhere a header is optional, but has to be true.
    private static func judgeContent(_ event: borrowing DecodedEvent, _ findings: inout [Finding]) {
        switch event.envelope {
        case .none, .iotCentral, .iotCentralPreview, .iotCentralTransform, .iotCentralLegacy: return
        case .iotHub, .cloudEvents, .hono, .raw: break
        }
        let isWanted = event.envelope == .iotHub
        // Nearly every record has the plain words, and taking a text apart costs more than judging the values.
        if isWanted || !event.contentType.isEmpty, !event.bytes(event.contentType).equals("application/json") {
            let type = event.string(event.contentType)
            if !isJSON(type) {
                findings.append(
                    Finding(
                        rule: .contentTypeUnexpected, path: "header:content-type", byteOffset: 0, expected: "application/json",
                        actual: type.isEmpty ? "none" : type))
            }
        }
        if isWanted || !event.contentEncoding.isEmpty, !event.bytes(event.contentEncoding).equals("utf-8") {
            let encoding = event.string(event.contentEncoding)
            if !encoding.lowercased().contains("utf-8") {
                findings.append(
                    Finding(
                        rule: .contentEncodingUnexpected, path: "header:content-encoding", byteOffset: 0, expected: "utf-8",
                        actual: encoding.isEmpty ? "none" : encoding))
            }
        }
    }

    /// RFC 8259 §11 and the structured suffix of RFC 6839 §3.1; a character set beside is no fault where it is UTF-8.
    private static func isJSON(_ type: String) -> Bool {
        let parts = type.lowercased().split(separator: ";", omittingEmptySubsequences: false).map { $0.filter { $0 != " " && $0 != "\"" } }
        guard let media = parts.first, media == "application/json" || (media.hasPrefix("application/") && media.hasSuffix("+json")) else {
            return false
        }
        return parts.dropFirst().allSatisfy { !$0.hasPrefix("charset=") || $0 == "charset=utf-8" }
    }

    /// A payload that is not JSON. One that the record calls compressed is reported as that and not as broken JSON too; one of white space is empty, and
    /// only where values are expected is that a fault.
    static func judge(syntaxError error: JSONSyntaxError, of event: borrowing DecodedEvent, into findings: inout [Finding]) {
        if error.reason == .empty {
            guard event.isJudged || event.kind == .undecodable else { return }
            return findings.append(Finding(rule: .payloadEmpty, byteOffset: 0, expected: "a JSON object", actual: "nothing but white space"))
        }
        guard !(isCompressed(event) && findings.contains { $0.rule == .contentEncodingUnexpected }) else { return }
        findings.append(
            Finding(rule: .jsonInvalid, byteOffset: error.offset, expected: error.expected, actual: "\(error.reason.words): \(error.actual)"))
    }

    private static func isCompressed(_ event: borrowing DecodedEvent) -> Bool {
        ["gzip", "x-gzip", "deflate", "br", "zstd", "compress"].contains(event.string(event.contentEncoding).lowercased())
    }

    // MARK: - Payloads without values

    static func judgeUnwrapped(_ document: borrowing JSONDocument, _ findings: inout [Finding]) {
        let root = document.root
        if document.kind(root) == .object {
            findings.append(
                Finding(
                    rule: .envelopeInvalid, byteOffset: document.offset(root), expected: "an envelope of a known format",
                    actual: "an object in none"))
        } else {
            let actual = document.kind(root).description
            findings.append(Finding(rule: .jsonNotObject, byteOffset: document.offset(root), expected: "an object", actual: actual))
        }
    }

    static func expected(_ section: ValueSection) -> String {
        let name = section.pointer.dropFirst()
        let kind = section.shape.kind == .object ? "an object" : "an array"
        return name.isEmpty ? kind : "\(kind) in \"\(name)\""
    }

    static func judgeMissing(_ event: borrowing DecodedEvent, _ document: borrowing JSONDocument, _ findings: inout [Finding]) {
        let name = event.kind == .telemetry ? "telemetry" : "properties"
        let expected = event.kind == .telemetry ? "an object in \"telemetry\"" : "an array in \"properties\""
        findings.append(
            Finding(rule: .jsonNotObject, path: "/\(name)", byteOffset: document.offset(document.root), expected: expected, actual: "nothing"))
    }
}

extension EventKind {
    /// Whether such an event is about a device at all.
    var isAboutDevice: Bool {
        switch self {
        case .telemetry, .propertyReported, .propertyDesired, .propertyCloud, .twin, .connected, .disconnected, .registered, .deleted, .provisioned,
            .enabled, .disabled, .renamed, .templateAssigned:
            true
        case .templateLifecycle, .audit, .errorReport, .exportState, .deliveryReceipt, .tombstone, .unsupported, .undecodable: false
        }
    }
}
