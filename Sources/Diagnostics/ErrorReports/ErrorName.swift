/// What identifies an error that somebody reports.
package struct ErrorName: Hashable, Sendable {
    /// Who says it.
    package let origin: ErrorOrigin
    /// The status, as in HTTP.
    package let status: Int32
    /// The service's own code, bounded; empty where there is none.
    package let subcode: String

    /// Names an error by its parts as they are.
    package init(origin: ErrorOrigin, status: Int32, subcode: String) {
        self.origin = origin
        self.status = status
        self.subcode = subcode
    }

    /// Names an error by what a report says: some put a code of six digits in the place of the status, whose first three are the status.
    init(origin: ErrorOrigin, reported status: Int64, subcode: String) {
        let isCode = subcode.isEmpty && (100_000...999_999).contains(status)
        self.init(origin: origin, status: Int32(clamping: isCode ? status / 1000 : status), subcode: isCode ? String(status) : subcode)
    }
}
