/// What a service's code for a failed destination means. IoT Central enumerates its codes nowhere, so this goes by the words and numbers that Azure's services
/// use; a code that is in no row says no more than that the destination failed.
package struct FailureCode: Sendable {
    /// What a code has to be like; letters of either case are the same.
    package enum Pattern: Sendable {
        /// It begins so.
        case prefix(String)
        /// It has this in it.
        case containing(String)
    }

    /// What a code has to be like.
    package let pattern: Pattern
    /// What it means then.
    package let cause: GapCause

    /// The rows; the first that fits counts, so quota stands before what else 403 may be.
    package static let all: [FailureCode] = [
        FailureCode(pattern: .prefix("429"), cause: .throttled),
        FailureCode(pattern: .prefix("403002"), cause: .throttled),
        FailureCode(pattern: .containing("throttl"), cause: .throttled),
        FailureCode(pattern: .containing("quota"), cause: .throttled),
        FailureCode(pattern: .containing("toomanyrequests"), cause: .throttled),
        FailureCode(pattern: .containing("serverbusy"), cause: .throttled),
        FailureCode(pattern: .prefix("401"), cause: .permissionMissing),
        FailureCode(pattern: .prefix("403"), cause: .permissionMissing),
        FailureCode(pattern: .containing("unauthorized"), cause: .permissionMissing),
        FailureCode(pattern: .containing("forbidden"), cause: .permissionMissing),
        FailureCode(pattern: .containing("authorizationfail"), cause: .permissionMissing),
        FailureCode(pattern: .containing("authenticationfail"), cause: .permissionMissing),
        FailureCode(pattern: .containing("accessdenied"), cause: .permissionMissing),
        FailureCode(pattern: .containing("permission"), cause: .permissionMissing),
    ]

    /// Why a destination failed, by the code.
    package static func cause(_ code: String) -> GapCause {
        let code = code.lowercased()
        let row = all.first { row in
            switch row.pattern {
            case .prefix(let text): code.hasPrefix(text)
            case .containing(let text): code.contains(text)
            }
        }
        return row?.cause ?? .destinationFailed
    }
}
