/// What the catalogue says about an error that a service reports: (origin, status, subcode) names it.
package struct ErrorCode: Sendable {
    /// Who says it.
    package let origin: ErrorOrigin
    /// The status, as in HTTP.
    package let status: Int32
    /// The service's own code; empty where the status is all there is.
    package let subcode: String
    /// The service's name for it.
    package let name: String
    /// What it means, in one sentence.
    package let meaning: String
    /// What to do about it, in one sentence.
    package let action: String
    /// The cause that it speaks for in a diagnosis; empty where it proves none.
    package let cause: String

    init(_ origin: ErrorOrigin, _ status: Int32, _ subcode: String = "", _ name: String, _ meaning: String, _ action: String, cause: String = "") {
        self.origin = origin
        self.status = status
        self.subcode = subcode
        self.name = name
        self.meaning = meaning
        self.action = action
        self.cause = cause
    }

    /// How people write it: `hub:401003`, `dps:429`.
    package var label: String { "\(origin.rawValue):\(subcode.isEmpty ? String(status) : subcode)" }
}
