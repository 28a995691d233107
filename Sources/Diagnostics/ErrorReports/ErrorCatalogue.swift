/// Every error code that is known, for folds, for `hindcast error-codes` and for the page that is made of it.
package enum ErrorCatalogue {
    /// A part of the page.
    private struct Part {
        let title: String
        let codes: [ErrorCode]
    }

    private static let parts = [
        Part(title: "Provisioning", codes: ProvisioningCodes.all),
        Part(title: "IoT Hub: access and connections", codes: HubAccessCodes.all),
        Part(title: "IoT Hub: messages, quotas and the service", codes: HubMessageCodes.all),
        Part(title: "IoT Hub: file uploads", codes: FileUploadCodes.all),
    ]

    /// All codes, in the order in which they are shown.
    package static let codes = parts.flatMap(\.codes)

    private static let exact = Dictionary(
        uniqueKeysWithValues: codes.map { (ErrorName(origin: $0.origin, status: $0.status, subcode: $0.subcode), $0) })

    /// What is known of an error: that of its subcode, else that of its status; nil where neither is known.
    package static func code(_ name: ErrorName) -> ErrorCode? {
        exact[name] ?? exact[ErrorName(origin: name.origin, status: name.status, subcode: "")]
    }

    /// Whether the error is known by its own subcode.
    static func isKnown(_ name: ErrorName) -> Bool { exact[name] != nil }

    /// What a code may mean that somebody found somewhere: `401002`, `hub:401002`, `DEVICE_BLOCKED`, `429`, or a name. A status that has no meaning of its
    /// own stands for all codes that have it.
    package static func codes(named text: String) -> [ErrorCode] {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let (origin, wanted) = parts.count == 2 ? (parts[0].lowercased(), parts[1].lowercased()) : (nil, text.lowercased())
        let candidates = codes.filter { origin == nil || $0.origin.rawValue == origin }
        let own = candidates.filter {
            $0.subcode.lowercased() == wanted || $0.name.lowercased() == wanted || $0.subcode.isEmpty && String($0.status) == wanted
        }
        return own.isEmpty ? candidates.filter { String($0.status) == wanted } : own
    }

    /// The page `docs/error-codes.md`.
    package static var markdown: String {
        var page = """
            # Error codes

            Made from the catalogue in `Sources/Diagnostics/ErrorReports`; `hindcast error-codes` prints the same. Origin, status and code together name an
            error: a number alone may mean one thing to the provisioning service and another to the hub. Devices' errors come as events
            `dev.hindcast.device.error` ([wire-formats.md](wire-formats.md)) and with Eclipse Hono's notices; the view `device_errors` counts them, the unknown
            ones too. A cause is one of those in [diagnosis.md](diagnosis.md).

            """
        for part in parts {
            page += "\n## \(part.title)\n\n| code | status | name | meaning | what to do | cause |\n|---|---|---|---|---|---|\n"
            for code in part.codes {
                page += "| `\(code.label)` | \(code.status) | \(code.name) | \(code.meaning) | \(code.action) | \(code.cause) |\n"
            }
        }
        return page
    }
}
