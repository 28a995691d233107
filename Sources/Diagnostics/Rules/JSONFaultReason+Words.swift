import JSON

extension JSONFaultReason {
    /// The reason as findings show it.
    var words: String {
        switch self {
        case .notANumber: "NaN"
        case .byteOrderMark: "BOM"
        case .notUTF8: "not UTF-8"
        default: String(rawValue.map { $0 == "-" ? " " : $0 })
        }
    }
}
